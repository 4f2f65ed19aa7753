"""Pure thinking: typed Python without Django, clock or network."""
