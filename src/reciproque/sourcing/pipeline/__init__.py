"""The worker's part: rows staged, checked, compared, written, taken back, in small transactions that can stop anywhere."""
