"""Folding: lower case without accents or ligatures, exactly as the database does it."""

from reciproque.engines.identifiers.unaccent_rules import REPLACED

# Lowering the replacement here and « Σ » on its own keeps `str.lower` from applying the rule of the final sigma,
# which PostgreSQL does not have.
_TABLE = {ord(char): new.lower() for new, chars in REPLACED.items() for char in chars} | {ord("Σ"): "σ"}


def fold(text: str) -> str:
    """« Élan d’Œuvre » → « elan d'oeuvre »: what `lower(unaccent(text))` gives in PostgreSQL."""
    if text.isascii():
        return text.lower()
    return text.translate(_TABLE).lower()
