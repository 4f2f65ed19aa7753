"""Changes to partners, sites, people and their ties. Keyword arguments only; each is one transaction, signed."""

from reciproque.directory.services.bulk import BulkChange, edit_partners, tag_partners, tag_people, undo_bulk
from reciproque.directory.services.common import AlreadyKnown
from reciproque.directory.services.history import release_field, restore_field
from reciproque.directory.services.merging import (
    alone,
    bound,
    check_mergeable,
    gather_strays,
    merge_records,
    root_of,
    separate,
    separate_all,
    steady,
)
from reciproque.directory.services.partners import (
    archive_partner,
    create_partner,
    edit_partner,
    set_referent,
    set_sharing,
    unarchive_partner,
)
from reciproque.directory.services.people import (
    add_position,
    archive_person,
    create_person,
    edit_person,
    edit_position,
    end_position,
    set_contact_preference,
    unarchive_person,
)
from reciproque.directory.services.piles import set_informed, set_ties_referent
from reciproque.directory.services.sites import add_site, edit_site, remove_site, set_head_site
from reciproque.directory.services.ties import tie_unit, untie_unit
from reciproque.directory.services.tying import TieChange, tie_partners, undo_tie_partners

__all__ = [
    "AlreadyKnown",
    "BulkChange",
    "TieChange",
    "add_position",
    "add_site",
    "alone",
    "archive_partner",
    "archive_person",
    "bound",
    "check_mergeable",
    "create_partner",
    "create_person",
    "edit_partner",
    "edit_partners",
    "edit_person",
    "edit_position",
    "edit_site",
    "end_position",
    "gather_strays",
    "merge_records",
    "release_field",
    "remove_site",
    "restore_field",
    "root_of",
    "separate",
    "separate_all",
    "set_contact_preference",
    "set_head_site",
    "set_informed",
    "set_referent",
    "set_sharing",
    "set_ties_referent",
    "steady",
    "tag_partners",
    "tag_people",
    "tie_partners",
    "tie_unit",
    "unarchive_partner",
    "unarchive_person",
    "undo_bulk",
    "undo_tie_partners",
    "untie_unit",
]
