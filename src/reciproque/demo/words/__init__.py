"""Words out of which the demonstration's fictional people, companies and places are composed."""
