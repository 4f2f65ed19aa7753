"""Telling people of what concerns them: in the application, and by mail as each of them chose; never twice of one fact."""
