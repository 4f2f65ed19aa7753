"""Partners, their sites, the people who work there."""
