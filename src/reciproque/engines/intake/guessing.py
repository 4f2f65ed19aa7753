"""Guess what each column is: the heading first, corrected by the values, then by what stands around."""

import itertools
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from reciproque.engines.intake.contents import Values
from reciproque.engines.intake.fields import field_of
from reciproque.engines.intake.headings import meaning, person_label
from reciproque.engines.intake.mapping import Column, Mapping

Reason = Literal["header", "header_and_content", "content", "context", "constant", "empty", "unknown"]


@dataclass(frozen=True, slots=True)
class Guess:
    """What a column probably is. `field` is a mapping path, None when nothing is proposed."""

    column: int
    field: str | None
    confidence: float
    reason: Reason


NOTHING = Guess(0, None, 0.0, "unknown")
ADDRESS = frozenset({"site.address", "site.address_complement", None})
CONTACT = frozenset({"email", "phone", "mobile"})
UNSURE_PERSON = frozenset({"person.full_name", "person.role", "bare_name"})


def guess(headers: Sequence[str], samples: Sequence[Sequence[str]]) -> tuple[Guess, ...]:
    """One guess per column; a single field is never given twice, the surest column has it."""
    columns = [Values([row[index] for row in samples if index < len(row)]) for index in range(len(headers))]
    guesses = [
        _alone(index, header, values) for index, (header, values) in enumerate(zip(headers, columns, strict=True))
    ]
    _town_beside_postcode(guesses, columns)
    _names(guesses, headers)
    _identifiers(guesses, columns)
    _people(guesses, headers, columns)
    return tuple(_once_each(guesses))


def proposed(headers: Sequence[str], guesses: Sequence[Guess], *, at_least: float = 0.4) -> Mapping:
    """The mapping that the guesses propose, doubtful ones left without a field."""
    columns = [
        Column(guess.column, header, guess.field if guess.confidence >= at_least else None)
        for header, guess in zip(headers, guesses, strict=True)
    ]
    return Mapping(tuple(columns))


def _alone(index: int, header: str, values: Values) -> Guess:
    path, confidence = meaning(header)
    fit = values.fits(path) if path else None
    if path and (fit is None or fit >= 0.5):
        sure = confidence if fit is None or not values.filled else min(1.0, confidence + 0.05 * fit)
        reason: Reason = "header_and_content" if fit and path != "partner.name" else "header"
        return Guess(index, path, round(sure, 2), reason)
    revealed, sure = values.revealed()
    if revealed and path != "meta.keep":
        return Guess(index, revealed, round(sure + (0.1 if path else 0.0), 2), "content")
    if path:
        return Guess(index, path, round(confidence * (0.3 + 0.4 * (fit or 0.0)), 2), "header")
    return replace(NOTHING, column=index, reason="unknown" if values.filled else "empty")


def _town_beside_postcode(guesses: list[Guess], columns: list[Values]) -> None:
    """« Adresse » over two columns: a postcode then words without digits are a postcode and a town."""
    if any(guess.field == "site.city" for guess in guesses):
        return
    for left, right in list(itertools.pairwise(guesses)):
        values = columns[right.column]
        words = values.filled and values.share("street") < 0.3 and values.share("number") == 0
        if left.field == "site.postcode" and left.reason == "content" and right.field in ADDRESS and words:
            guesses[right.column] = Guess(right.column, "site.city", 0.65, "context")
            return


def _names(guesses: list[Guess], headers: Sequence[str]) -> None:
    """« Nom » alone is the partner's; beside « Prénom », or when the partner has its column, it is a person's."""
    bare = [guess.column for guess in guesses if guess.field == "bare_name"]
    named = any(guess.field == "partner.name" for guess in guesses)
    first = any(guess.field == "person.first_name" for guess in guesses)
    for column in bare:
        confidence = guesses[column].confidence
        label = person_label(headers[column])
        if first or (named and label):
            guesses[column] = Guess(column, "person.last_name", round(confidence + 0.1, 2), "context")
        elif named and not label:
            guesses[column] = Guess(column, "person.full_name", round(confidence - 0.1, 2), "context")
        elif label.startswith("#"):
            guesses[column] = Guess(column, "partner.name_complement", confidence, "context")
        else:
            guesses[column] = Guess(column, "partner.name", round(confidence + 0.05, 2), "context")
            named = True
    if not named:
        _best_name(guesses)


def _best_name(guesses: list[Guess]) -> None:
    for substitute in ("partner.usual_name", "partner.parent_group", "site.site_name"):
        found = next((guess for guess in guesses if guess.field == substitute), None)
        if found is not None:
            guesses[found.column] = Guess(found.column, "partner.name", 0.6, "context")
            return


def _identifiers(guesses: list[Guess], columns: list[Values]) -> None:
    """« idBeneficiaire » is a SIRET when its values are; otherwise the number the source gives to its partner."""
    for guess in list(guesses):
        if guess.field != "identifier":
            continue
        values = columns[guess.column]
        kinds = {"site.siret": "siret", "partner.siren": "siren", "partner.rna": "rna"}
        shares = {path: values.share(kind) for path, kind in kinds.items()}
        path = max(shares, key=lambda each: shares[each])
        if shares[path] >= 0.4 or not values.filled:
            guesses[guess.column] = Guess(guess.column, path, 0.85 if values.filled else 0.6, "header_and_content")
        else:
            guesses[guess.column] = Guess(guess.column, "meta.external_id", 0.6, "header")


def _people(guesses: list[Guess], headers: Sequence[str], columns: list[Values]) -> None:
    """Number the persons of a row, and say to whom e-mails and telephones belong."""
    certain = [g.column for g in guesses if (g.field or "").startswith("person.") and g.field not in UNSURE_PERSON]
    certain += [g.column for g in guesses if g.field == "person.full_name" and g.confidence >= 0.55]
    anybody = bool(certain) or any(
        g.field in {"email", "phone", "mobile"} and person_label(headers[g.column]) for g in guesses
    )
    first = min(certain, default=len(guesses))
    numbers: dict[str, int] = {}
    taken: dict[int, set[str]] = defaultdict(set)
    current = 0
    for guess in list(guesses):
        path = guess.field or ""
        label = person_label(headers[guess.column])
        contact = path in CONTACT
        if contact and not _is_persons(guess, label, first, columns[guess.column], guesses, anybody=anybody):
            guesses[guess.column] = replace(guess, field=_of_partner(path, guesses))
            continue
        if not contact and not path.startswith("person."):
            continue
        if path == "person.role" and not anybody:
            guesses[guess.column] = replace(guess, field="meta.keep", confidence=0.4, reason="context")
            continue
        code = path.removeprefix("person.")
        if label:
            nameless = current and not numbers and taken[current] <= CONTACT - {code}
            current = numbers.setdefault(label, current if nameless else len(taken) + 1)
        elif not current or code in taken[current]:
            current = max(taken, default=0) + 1
        taken[current].add(code)
        guesses[guess.column] = replace(guess, field=f"person{current}.{code}")


def _is_persons(guess: Guess, label: str, first: int, values: Values, guesses: list[Guess], *, anybody: bool) -> bool:
    if label and not label.startswith("#"):
        return True
    if not anybody:
        return False
    if guess.field == "email" and values.generic_mailboxes() >= 0.5:
        return False
    if guess.column > first:
        return True
    return (
        guess.field == "email" and sum(other.field == "email" for other in guesses) == 1 and guess.column + 1 == first
    )


def _of_partner(path: str, guesses: list[Guess]) -> str:
    if path == "email":
        return "partner.email"
    used = {guess.field for guess in guesses}
    return "site.site_phone" if "partner.phone" in used else "partner.phone"


def _once_each(guesses: list[Guess]) -> list[Guess]:
    best: dict[str, Guess] = {}
    for guess in guesses:
        field = field_of(guess.field) if guess.field else None
        if guess.field and field and not field.repeatable:
            holder = best.get(guess.field)
            if holder is None or guess.confidence > holder.confidence:
                best[guess.field] = guess
    return [_spare(guess) if guess.field in best and best[guess.field] is not guess else guess for guess in guesses]


def _spare(guess: Guess) -> Guess:
    """A second column for a single field: what can take several columns, else nothing."""
    second = {"partner.name": "partner.name_complement", "site.address": "site.address_complement"}.get(
        guess.field or ""
    )
    if second:
        return replace(guess, field=second, confidence=round(guess.confidence * 0.6, 2), reason="context")
    return replace(guess, field=None, confidence=0.0, reason="unknown")
