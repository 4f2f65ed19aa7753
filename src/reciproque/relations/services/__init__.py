"""What changes relations, one file per aggregate."""
