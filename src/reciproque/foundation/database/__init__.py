"""The database: the embedded server, and functions that PostgreSQL and Python share."""
