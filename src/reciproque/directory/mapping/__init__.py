"""The map of partners: how many in each département, then in each commune of one, with the filters of the list."""
