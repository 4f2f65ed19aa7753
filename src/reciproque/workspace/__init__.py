"""Pages that compose several modules: home, partner page, search, commands."""
