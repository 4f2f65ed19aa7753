"""An index of names on disk (tantivy) that answers type-ahead ten times quicker than PostgreSQL, mistakes included, and lists of a word.

Optional and derived: PostgreSQL answers when it is absent, being built, or far behind. Records changed since it last took them
in are noted in the transaction that changes them (`SearchChange`) and looked for in PostgreSQL meanwhile, so that an answer is
never older than the database's. It tells candidates only: rights are judged by PostgreSQL, on the records.
"""

from reciproque.directory.search.swift.asking import candidates
from reciproque.directory.search.swift.building import catch_up, drop, rebuild, worth_it
from reciproque.directory.search.swift.standing import Standing, everything, holding, inside

__all__ = ["Standing", "candidates", "catch_up", "drop", "everything", "holding", "inside", "rebuild", "worth_it"]
