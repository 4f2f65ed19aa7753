"""One voice: what to know before contacting somebody, what was asked of whom, who writes now, access to what is reserved."""
