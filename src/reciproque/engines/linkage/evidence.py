"""What is added to the model: official numbers, whose truth it is learnt from, slips of the keyboard, rare in what it learns from, and
how many others there are, of which it has learnt no more than some."""

from math import log

import numpy as np

from reciproque.engines.linkage.encoding import (
    NAME,
    NIC,
    NICS,
    PLACE,
    POSTCODE,
    REGISTER,
    SIREN,
    SURE,
    TOWN,
    TRUST,
    TRUSTED,
    Nodes,
)
from reciproque.engines.linkage.kernels import Bytes, Floats, Ints, Table, inline, kernel

SAME_SIREN, SAME_SIRET, OTHER_SIRET, OTHER_SIREN = 9.0, 9.0, -3.0, -9.0
"""Log-odds that they add."""
HEARD, CONTRADICTED, SUREST = 1.0, 2.0, 0.99
"""What a register adds beyond the log-odds that it is right of both, and the surest that it is: it may have recognised two
organisations that it does not hold under the one that it holds."""
HEARSAY, LIKELY = 5.0, 3.0
"""What it adds besides to two rows of one SIREN, whose names may share nothing, as long as their log-odds stay under `LIKELY`: that two
names are one company is told by the register alone, for somebody to see; they are not merged alone."""
REPEATED, PLACED_AT_MOST = 0.3, 0.98
"""The share of the log-odds of a register about a place that is heard for it: it was recognised by the address, which the model has
seen; against it, all of them. And the surest that it is of a place: one row in forty is typed with the address of another place."""

SLIP, LONG = 2.5, 9
"""Log-odds that a slip adds: two names of at least `LONG` letters, alike but for one letter, in one town or postcode."""

FEW = 90_000
"""Nodes up to which the automatic zone keeps what it promises by itself: the model knows what a name of many bearers is worth, in
files of no more than some ten thousand."""
GROWTH: dict[str, float] = {"site": 0.4, "partner": 0.9}
"""By how much the log-odds of any pair fall when a file is e times as large as that. Two records of one organisation are as many in
any file, while two that are alike by chance come with the number of the others: were nothing but chance wrong, and had the model no
idea of it, this would be 1. At the level of sites most of what is wrong is two sites of one partner, as many in any file. Chosen on an
invented file of 300,000 rows, measured on others up to a million (`docs/linkage-measures.md`)."""


def prior(nodes: Nodes, level: str) -> float:
    """What the size of the whole file adds to the log-odds of every pair (0 or less)."""
    return -GROWTH[level] * max(0.0, log(nodes.total / FEW)) if nodes.total else 0.0


def evidence(nodes: Nodes, left: Ints, right: Ints, level: str) -> Floats:
    """What official numbers add to the log-odds of pairs: they are not learnt."""
    out = np.zeros(len(left), np.float32)
    _evidence(nodes.codes, left, right, int(level == "partner"), out)
    return out


@kernel
def _evidence(codes: Table, left: Ints, right: Ints, partner: int, out: Floats) -> None:
    for pair in range(len(out)):
        a, b = codes[left[pair]], codes[right[pair]]
        if a[SIREN] >= 0 and b[SIREN] >= 0:
            if a[SIREN] != b[SIREN]:
                out[pair] = OTHER_SIREN
            elif partner:
                out[pair] = SAME_SIREN
            elif a[NIC] >= 0 and b[NIC] >= 0:
                out[pair] = SAME_SIRET if a[NIC] == b[NIC] else OTHER_SIRET
            else:
                out[pair] = _placed(a, b)
        else:
            out[pair] = _registered(a, b) if partner else _placed(a, b)


@inline
def _registered(a: Ints, b: Ints) -> float:
    """What a register says of a pair of which one side at least has no SIREN of its own."""
    one, other = (a[SIREN] if a[SIREN] >= 0 else a[REGISTER]), (b[SIREN] if b[SIREN] >= 0 else b[REGISTER])
    if one < 0 or other < 0:
        return 0.0
    sure = (TRUSTED if a[SIREN] >= 0 else a[TRUST]) * (TRUSTED if b[SIREN] >= 0 else b[TRUST]) / TRUSTED**2
    right = min(max(sure, 0.0), SUREST)
    if right <= 0.5:
        return 0.0
    odds = float(np.log(right / (1 - right)))
    return odds + HEARD if one == other else -odds - CONTRADICTED


def hearsay(nodes: Nodes, left: Ints, right: Ints, level: str) -> Floats:
    """What a register alone says more of pairs: it is added to their log-odds, then `settled`."""
    out = np.zeros(len(left), np.float32)
    if level == "partner":
        _hearsay(nodes.codes, left, right, out)
    return out


@kernel
def _hearsay(codes: Table, left: Ints, right: Ints, out: Floats) -> None:
    for pair in range(len(out)):
        a, b = codes[left[pair]], codes[right[pair]]
        if (a[REGISTER] >= 0 or b[REGISTER] >= 0) and not (a[SIREN] >= 0 and b[SIREN] >= 0) and _registered(a, b) > 0:
            out[pair] = HEARSAY


def settled(odds: Floats, heard: Floats) -> Floats:
    """Log-odds with what is only `hearsay`, which never makes more than `LIKELY` of them."""
    found: Floats = np.maximum(odds - heard, np.minimum(odds, np.float32(LIKELY)))
    return found


@inline
def _placed(a: Ints, b: Ints) -> float:
    """What a register says of the places of a pair of which one side at least has no SIRET of its own."""
    own, others = a[SIREN] >= 0 and a[NIC] >= 0, b[SIREN] >= 0 and b[NIC] >= 0
    one, other = a[SIREN] * NICS + a[NIC] if own else a[PLACE], b[SIREN] * NICS + b[NIC] if others else b[PLACE]
    if one < 0 or other < 0:
        return 0.0
    right = min((TRUSTED if own else a[SURE]) * (TRUSTED if others else b[SURE]) / TRUSTED**2, PLACED_AT_MOST)
    if right <= 0.5:
        return 0.0
    odds = float(np.log(right / (1 - right)))
    return odds * REPEATED if one == other else -odds


def slips(nodes: Nodes, left: Ints, right: Ints) -> Floats:
    """What a slip of the keyboard adds to the log-odds of pairs: a letter too many, missing, wrong, or two in the wrong order."""
    names = nodes.names
    out = np.zeros(len(left), np.float32)
    _slips(nodes.codes, left, right, names.compact, names.compact_pointers, out)
    return out


@kernel
def _slips(codes: Table, left: Ints, right: Ints, letters: Bytes, begins: Ints, out: Floats) -> None:
    for pair in range(len(out)):
        a, b = codes[left[pair]], codes[right[pair]]
        here = (a[TOWN] >= 0 and a[TOWN] == b[TOWN]) or (a[POSTCODE] >= 0 and a[POSTCODE] == b[POSTCODE])
        if (
            here
            and a[NAME] >= 0
            and b[NAME] >= 0
            and a[NAME] != b[NAME]
            and _one_letter(letters, begins, a[NAME], b[NAME])
        ):
            out[pair] = SLIP


@inline
def _one_letter(letters: Bytes, begins: Ints, one: int, other: int) -> bool:
    """Whether two names differ by one letter, or by two that were swapped; never by a digit."""
    a, b = begins[one], begins[other]
    enda, endb = begins[one + 1], begins[other + 1]
    if enda - a > endb - b:
        a, b, enda, endb = b, a, endb, enda
    if enda - a < LONG or (endb - b) - (enda - a) > 1:
        return False
    while a < enda and letters[a] == letters[b]:
        a += 1
        b += 1
    while enda > a and letters[enda - 1] == letters[endb - 1]:
        enda -= 1
        endb -= 1
    for at in range(a, enda):
        if letters[at] < 65:
            return False
    for at in range(b, endb):
        if letters[at] < 65:
            return False
    short, long = enda - a, endb - b
    if short == 2 and long == 2:
        return bool(letters[a] == letters[b + 1] and letters[a + 1] == letters[b])
    return bool(long == 1)
