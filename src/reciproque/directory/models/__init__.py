"""The tables of the shared directory, one file per aggregate."""

from reciproque.directory.models.common import Sharing
from reciproque.directory.models.merging import Merge, MergeBase, MergeRow
from reciproque.directory.models.partners import Partner, PartnerUnit, Site, Tag
from reciproque.directory.models.people import Person, Position
from reciproque.directory.models.places import PlaceCount
from reciproque.directory.models.search import SearchChange, SearchEntry, SearchIndex, SearchWord

__all__ = [
    "Merge",
    "MergeBase",
    "MergeRow",
    "Partner",
    "PartnerUnit",
    "Person",
    "PlaceCount",
    "Position",
    "SearchChange",
    "SearchEntry",
    "SearchIndex",
    "SearchWord",
    "Sharing",
    "Site",
    "Tag",
]
