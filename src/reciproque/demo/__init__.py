"""The demonstration: a fictional university, a small one for leak tests, and networks of any size."""
