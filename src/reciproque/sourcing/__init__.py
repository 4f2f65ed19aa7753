"""Files and registers coming in: source records, imports, reconciliation."""
