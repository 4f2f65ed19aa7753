"""Invitations to meetings that leave for people outside, with their calendar part, and the answers that come back."""
