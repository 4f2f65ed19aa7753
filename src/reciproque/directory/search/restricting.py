"""Restricting a list to what a text says: every word, and inside the names when words find little."""

from typing import Any

from django.db.models import QuerySet, Value

from reciproque.directory.models import Partner, Person, SearchEntry
from reciproque.directory.search.words import Query, understand
from reciproque.foundation.database.functions import Fold
from reciproque.foundation.listing.narrowing import EVERYTHING, FEW, Narrowing, among, named

GATHERED = 100_000  # entries up to which they are all found, then sorted
LITTLE = 25  # with fewer hits than this, names that hold the letters anywhere are added
INSIDE = 3  # letters without which « anywhere » would be everything


def narrowing(model: type[Partner] | type[Person], text: str) -> Narrowing:
    """The condition that a text puts on partners or people; none when it holds no word."""
    query = understand(text)
    if not query:
        return EVERYTHING
    owner = "partner" if model is Partner else "person"
    entries = SearchEntry.objects.filter(**{f"{owner}__isnull": False}).extra(**_held(query))
    found = among(entries, f"{owner}_id", gathered=query.uses <= GATHERED)
    if found.few is None or len(found.few) >= LITTLE or len(query.folded) < INSIDE:
        return found
    letters = model.objects.filter(name_key__contains=Fold(Value(text.strip()))).order_by()
    return named(found.few | set(letters.values_list("pk", flat=True)[:FEW]))


def matching(queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Restrict partners or people to those whose entry holds every word of the text; untouched when it holds no word."""
    return queryset.filter(narrowing(queryset.model, text).rows)


def _held(query: Query) -> dict[str, Any]:
    where = ["document @@ to_tsquery('simple', %s)"]
    if query.leading == query.text:
        return {"where": where, "params": [query.text]}
    return {"where": [*where, "(document || '') @@ to_tsquery('simple', %s)"], "params": [query.leading, query.text]}
