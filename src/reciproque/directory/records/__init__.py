"""The pages of one partner and of one person."""
