"""Bringing records together and taking them apart: their values (`shapes`, `tree`), and the rows that hold them (`moving`)."""
