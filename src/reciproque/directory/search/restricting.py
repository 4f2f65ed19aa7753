"""Restricting a list to what a text says: every word, and inside the names when words find little."""

from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Value

from reciproque.directory.models import Partner, Person, SearchEntry
from reciproque.directory.search import swift
from reciproque.directory.search.streams import Containing, Holding, Indexed
from reciproque.directory.search.words import Kind, Query, understand, words_holding
from reciproque.engines.identifiers import fold
from reciproque.foundation.database.functions import Fold
from reciproque.foundation.listing.counting import estimate
from reciproque.foundation.listing.narrowing import EVERYTHING, FEW, Narrowing, Probed, among, named

GATHERED = 15_000  # entries up to which they are all found, then sorted
LITTLE = 25  # with fewer hits than this, names that hold the letters anywhere are added
INSIDE = 3  # letters without which « anywhere » would be everything
# A page of a word that U entries of N hold is met after some 50 N / U of them: quicker than reading U when U² > 200 N.
WALKABLE = 200
SOME = 300  # from so many hits on, only those of a page are read from the records


def narrowing(model: type[Partner] | type[Person], text: str) -> Narrowing:
    """The condition that a text puts on partners or people; none when it holds no word."""
    query = understand(text)
    if not query:
        return EVERYTHING
    kind: Kind = "partner" if model is Partner else "person"
    entries = SearchEntry.objects.filter(**{f"{kind}__isnull": False})
    if (standing := swift.holding(query, kind)) is not None:
        if standing.count > SOME:
            return _many(query, kind, entries, standing.count, standing)
        return _with_inside(model, text, query, named(standing.numbers()))
    uses = query.uses(kind)
    if len(query.terms) == 1 and uses > SOME * 2:
        return _many(query, kind, entries, uses)
    found = among(entries.extra(**_held(query)), f"{kind}_id", gathered=True)
    if found.few is None or len(found.few) > SOME:
        return _many(query, kind, entries, 0 if found.few else uses if len(query.terms) == 1 else FEW)
    return _with_inside(model, text, query, found)


def _with_inside(model: type[Partner] | type[Person], text: str, query: Query, found: Narrowing) -> Narrowing:
    """What words find, and when it is little, the names that hold the letters anywhere."""
    few = found.few or frozenset()
    if len(few) >= LITTLE or len(query.folded) < INSIDE:
        return found
    kind: Kind = "partner" if model is Partner else "person"
    standing = swift.inside(fold(text).strip(), kind)
    if standing is not None and standing.count <= SOME:
        return named(few | standing.numbers())
    letters = model.objects.filter(name_key__contains=Fold(Value(text.strip()))).order_by()
    return named(few | set(letters.values_list("pk", flat=True)[:FEW]))


def matching(queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Restrict partners or people to those whose entry holds every word of the text; untouched when it holds no word."""
    return queryset.filter(narrowing(queryset.model, text).rows)


def containing(model: type[Partner] | type[Person], letters: str) -> Narrowing:
    """The rows whose name holds these letters anywhere."""
    kind: Kind = "partner" if model is Partner else "person"
    folded = fold(letters)
    rows, letters_only = Q(name_key__contains=folded), folded.isalnum()
    if letters_only and len(folded) >= INSIDE and (standing := swift.inside(folded, kind)) is not None:
        if standing.count <= SOME:
            return named(standing.numbers())
        stream = Indexed(standing, Containing(kind, common=True, letters=folded))
        return Narrowing(rows, rows, gathered=True, stream=stream)
    expected = words_holding(folded, kind) if len(folded) >= INSIDE and letters_only else 0
    expected = max(expected, estimate(model.objects.filter(rows)))
    walked = Containing(kind, common=True, letters=folded) if expected > FEW * 2 else None
    return Narrowing(rows, rows, gathered=True, stream=walked)


def _many(
    query: Query, kind: Kind, entries: QuerySet[Any], uses: int, standing: swift.Standing | None = None
) -> Narrowing:
    """Too many to be named: told in the order of names; in another one found first, or asked of each row when most would do."""
    held = entries.extra(**_held(query))
    plain = Q(pk__in=held.order_by().values(f"{kind}_id"))
    walked = Holding(kind, common=uses * uses > WALKABLE * query.total.of(kind), query=query)
    stream = Indexed(standing, walked) if standing else walked
    if uses <= GATHERED:
        return Narrowing(plain, plain, gathered=True, stream=stream)
    asked = entries.extra(where=["(document || '') @@ to_tsquery('simple', %s)"], params=[query.text])
    probe = asked.order_by().filter(**{f"{kind}_id": OuterRef("pk")}).values("pk")
    return Narrowing(Q(Probed(probe)), plain, stream=stream)


def _held(query: Query) -> dict[str, Any]:
    where = ["document @@ to_tsquery('simple', %s)"]
    if query.leading == query.text:
        return {"where": where, "params": [query.text]}
    return {"where": [*where, "(document || '') @@ to_tsquery('simple', %s)"], "params": [query.leading, query.text]}
