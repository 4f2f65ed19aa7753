"""The components, by subject. Each module registers its tags on the one library of `library.py`."""
