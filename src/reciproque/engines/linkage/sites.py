"""Sites first, then partners: in a file that says how to reach people, a partner has many sites and each is typed many times, so that
most pairs are of two sites of one partner. Only rows that can be of one place are compared at first; rows of one site then stand for
it together, and two sites are compared once, by the two of their rows that say the most of each other."""

from typing import NamedTuple

import numpy as np

from reciproque.engines.linkage.clustering import lowest
from reciproque.engines.linkage.encoding import DEPARTMENT, NIC, PHONE, PLACE, POSTCODE, SIREN, STREET, TOWN, Nodes
from reciproque.engines.linkage.kernels import Bytes, Ints, Table, inline, kernel, spread

START = 3
"""Letters that two spellings of one town begin with."""


class Sites(NamedTuple):
    """For each node: the lowest node of its site, that of the piece of it which is surely one partner, and whether that piece is the
    core of the site, for which it stands."""

    of: Ints
    piece: Ints
    core: Table


def near(nodes: Nodes, left: Ints, right: Ints, threads: int = 1) -> Table:
    """Which pairs can be of one site: nothing keeps their places apart, or a number, a telephone or a street brings them together."""
    out, towns = np.empty(len(left), bool), nodes.towns

    def task(start: int, end: int) -> None:
        _near(
            nodes.codes, left[start:end], right[start:end], towns.compact_pointers, towns.compact, out[start:end]
        )  # fmt: skip

    spread(task, len(left), threads)
    return out


@kernel
def _near(codes: Table, left: Ints, right: Ints, begins: Ints, letters: Bytes, out: Table) -> None:
    for pair in range(len(out)):
        a, b = codes[left[pair]], codes[right[pair]]
        nowhere = (a[POSTCODE] < 0 or b[POSTCODE] < 0) and (a[TOWN] < 0 or b[TOWN] < 0)
        out[pair] = (
            nowhere
            or _same(a, b, POSTCODE)
            or _same(a, b, TOWN)
            or _same(a, b, DEPARTMENT)
            or (_same(a, b, SIREN) and _same(a, b, NIC))
            or _same(a, b, PLACE)
            or _same(a, b, PHONE)
            or _same(a, b, STREET)
            or (a[TOWN] >= 0 and b[TOWN] >= 0 and _begin_alike(begins, letters, a[TOWN], b[TOWN]))
        )


@inline
def _same(a: Ints, b: Ints, column: int) -> bool:
    return bool(a[column] >= 0 and a[column] == b[column])


@inline
def _begin_alike(begins: Ints, letters: Bytes, one: int, other: int) -> bool:
    if begins[one + 1] - begins[one] < START or begins[other + 1] - begins[other] < START:
        return False
    for place in range(START):  # noqa: SIM110 -- compiled
        if letters[begins[one] + place] != letters[begins[other] + place]:
            return False
    return True


def sites_of(whole: Ints, sure: Ints, weights: Ints) -> Sites:
    """From the groups of nodes at the level of sites, and the pieces of these that are surely one partner."""
    return Sites(lowest(whole), lowest(sure), sure == largest(sure, whole, weights)[whole])


def largest(pieces: Ints, whole: Ints, weights: Ints) -> Ints:
    """For each group (by its number), the piece of it that stands for the most rows; the one with the lowest node among equals."""
    count = len(whole)
    rows = np.bincount(pieces, weights=weights, minlength=count)
    order = np.lexsort((np.arange(count), -rows[pieces], whole))
    firsts = order[np.concatenate((np.ones(1, bool), np.diff(whole[order]) != 0))] if count else order
    main = np.full(count, -1, np.int64)
    main[whole[firsts]] = pieces[firsts]
    return main


def standing(sites: Sites, left: Ints, right: Ints, mask: Ints, compared: Table) -> Ints:
    """Of the pairs of two sites, the one by which each two sites are compared, in order (places of pairs).

    It is one that was compared already when there is one, then one of their cores, then the one that meets under the most keys.
    """
    between = np.flatnonzero(sites.of[left] != sites.of[right])
    pairs = _pairs_of(sites.of, between, left, right)
    order = np.argsort(pairs)
    return np.sort(_standing(pairs, order, between, left, right, mask, compared, sites.core))


@kernel
def _pairs_of(site: Ints, between: Ints, left: Ints, right: Ints) -> Ints:
    """The two sites of each pair, as one number."""
    out = np.empty(len(between), np.int64)
    for at in range(len(between)):
        one, other = site[left[between[at]]], site[right[between[at]]]
        out[at] = min(one, other) * len(site) + max(one, other)
    return out


@kernel
def _standing(
    pairs: Ints, order: Ints, between: Ints, left: Ints, right: Ints, mask: Ints, compared: Table, core: Table
) -> Ints:
    out, size, best, most = np.empty(len(order), np.int64), 0, np.int64(0), np.int64(0)
    for step in range(len(order)):
        pair = between[order[step]]
        worth = np.int64(compared[pair]) * 3 + np.int64(core[left[pair]]) + np.int64(core[right[pair]])
        kinds, worth = mask[pair], worth * 64
        while kinds:
            worth += 1
            kinds &= kinds - 1
        if step == 0 or pairs[order[step]] != pairs[order[step - 1]]:
            size += 1
        elif worth < most or (
            worth == most and (left[best] < left[pair] or (left[best] == left[pair] and right[best] < right[pair]))
        ):
            continue
        best, most, out[size - 1] = pair, worth, pair
    return out[:size].copy()
