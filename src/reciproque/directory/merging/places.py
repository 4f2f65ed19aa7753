"""Places that two partners described twice: which become one when the partners do."""

from collections.abc import Collection, Sequence

from reciproque.directory.models import Site
from reciproque.directory.reference import place_key
from reciproque.engines.linkage import street_key


def twin_of(site: Site, places: Sequence[Site], came: Collection[int]) -> Site | None:
    """The place, among those that were there before the ones that `came`, that is this one: the first in the order given."""
    return next((one for one in places if one.pk not in came and same_place(one, site)), None)


def same_place(one: Site, other: Site) -> bool:
    """The same address, or one of them empty in the same town; two SIRET are two places."""
    if one.siret and other.siret:
        return False
    if not one.postcode or one.postcode != other.postcode or place_key(one.city) != place_key(other.city):
        return False
    here, there = street_key(one.address), street_key(other.address)
    return here == there or not here or not there
