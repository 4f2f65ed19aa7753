"""Lists of any kind of record: columns, filters, order, pages by key, saved views, exports. Knows no record of its own."""
