"""Pages of this module, one file per subject."""
