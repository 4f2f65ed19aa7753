"""What this module shows on the pages of partners."""
