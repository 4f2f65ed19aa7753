"""Lists of partners and of people: their columns, filters and orders, their pages, exports, bulk actions and map."""
