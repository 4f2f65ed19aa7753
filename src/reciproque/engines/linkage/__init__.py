"""Which mentions name the same organisation. Keys and verdicts only: candidates are fetched by who holds the records."""

from reciproque.engines.linkage.judging import decide, near
from reciproque.engines.linkage.keys import PUBLIC_MAIL_DOMAINS, keys
from reciproque.engines.linkage.mentions import REASONS, Decision, Family, Key, Mention, Verdict
from reciproque.engines.linkage.names import acronym, name_key, person_key, street_key

__all__ = [
    "PUBLIC_MAIL_DOMAINS",
    "REASONS",
    "Decision",
    "Family",
    "Key",
    "Mention",
    "Verdict",
    "acronym",
    "decide",
    "keys",
    "name_key",
    "near",
    "person_key",
    "street_key",
]
