"""Finding partners and people by what people type: accents, case, order, prefixes, small mistakes, identifiers with spaces.

`SearchEntry` holds one document per partner and per person, `SearchWord` the words that exist and how often, so that a
mistyped word is replaced by its nearest neighbours and a common one is not looked for in the index alone. Everything here
is derived: `rebuild()` makes it anew. What is kept to a unit or to named people is in its own entry only (rights are judged
on it), never in the entry of a partner that others may read.
"""

from reciproque.directory.search import swift
from reciproque.directory.search.finding import Hit, find
from reciproque.directory.search.indexing import count_words, forget, rebuild, refresh
from reciproque.directory.search.restricting import matching
from reciproque.directory.search.words import Kind

__all__ = ["Hit", "Kind", "count_words", "find", "forget", "matching", "rebuild", "refresh", "swift"]
