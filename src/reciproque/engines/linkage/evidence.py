"""What is added to the model: official numbers, whose truth it is learnt from, and slips of the keyboard, rare in what it learns from."""

import numpy as np

from reciproque.engines.linkage.encoding import NAME, NIC, POSTCODE, REGISTER, SIREN, TOWN, TRUST, TRUSTED, Nodes
from reciproque.engines.linkage.kernels import Bytes, Floats, Ints, Table, inline, kernel

SAME_SIREN, SAME_SIRET, OTHER_SIRET, OTHER_SIREN = 9.0, 9.0, -3.0, -9.0
"""Log-odds that they add."""
HEARD, CONTRADICTED = 6.0, 2.0
"""What a register adds beyond the log-odds that it is right of both: names that share nothing weigh about as much against."""

SLIP, LONG = 2.5, 9
"""Log-odds that a slip adds: two names of at least `LONG` letters, alike but for one letter, in one town or postcode."""


def evidence(nodes: Nodes, left: Ints, right: Ints, level: str) -> Floats:
    """What official numbers add to the log-odds of pairs: they are not learnt."""
    a, b = nodes.codes[left], nodes.codes[right]
    both = (a[:, SIREN] >= 0) & (b[:, SIREN] >= 0)
    same = both & (a[:, SIREN] == b[:, SIREN])
    if level == "partner":
        typed = np.where(same, SAME_SIREN, np.where(both, OTHER_SIREN, 0.0))
        return np.where(both, typed, _registered(a, b)).astype(np.float32)
    sites = same & (a[:, NIC] >= 0) & (b[:, NIC] >= 0)
    alike = sites & (a[:, NIC] == b[:, NIC])
    apart = np.where(sites, OTHER_SIRET, np.where(both & ~same, OTHER_SIREN, 0.0))
    return np.where(alike, SAME_SIRET, apart).astype(np.float32)


def _registered(a: Table, b: Table) -> Table:
    """What a register says of pairs of which one side at least has no SIREN of its own."""
    sirens, sure = [], []
    for side in (a, b):
        own = side[:, SIREN] >= 0
        sirens.append(np.where(own, side[:, SIREN], side[:, REGISTER]))
        sure.append(np.where(own, TRUSTED, side[:, TRUST]) / TRUSTED)
    right = np.clip(sure[0] * sure[1], 0.0, 0.999)
    heard = (sirens[0] >= 0) & (sirens[1] >= 0) & (right > 0.5)
    odds = np.log(np.where(heard, right, 0.5) / (1 - np.where(heard, right, 0.5)))
    said = np.where(sirens[0] == sirens[1], odds + HEARD, -odds - CONTRADICTED)
    return np.where(heard, said, 0.0)


def slips(nodes: Nodes, left: Ints, right: Ints) -> Floats:
    """What a slip of the keyboard adds to the log-odds of pairs: a letter too many, missing, wrong, or two in the wrong order."""
    names = nodes.names
    out = np.zeros(len(left), np.float32)
    _slips(nodes.codes[left], nodes.codes[right], names.compact, names.compact_pointers, out)
    return out


@kernel
def _slips(one: Table, other: Table, letters: Bytes, begins: Ints, out: Floats) -> None:
    for pair in range(len(out)):
        a, b = one[pair], other[pair]
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
