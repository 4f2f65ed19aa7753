"""Piles of alike work, unit by unit: what the home page points at, and the pages where it is done."""
