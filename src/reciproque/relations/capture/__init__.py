"""Capture without typing: a message or an invitation in copy to one's tracking address is filed by itself."""
