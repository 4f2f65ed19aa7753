"""What is typed in the pages of this module."""
