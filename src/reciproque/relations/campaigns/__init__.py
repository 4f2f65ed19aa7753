"""Campaigns: choosing who is written to, writing, sending each message at most once, what came of it."""
