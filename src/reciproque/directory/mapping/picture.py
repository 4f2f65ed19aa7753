"""The map as SVG. Written in Python: coordinates must not be written with the reader's decimal comma."""

from collections.abc import Iterable

from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from reciproque.directory import reference
from reciproque.directory.mapping.drawing import LETTER, Area, Disc, frame_of
from reciproque.foundation.ui.markup import filled, joined


def france(areas: Iterable[Area]) -> SafeString:
    """The départements, each a link; those overseas in their boxes."""
    insets = reference.insets().values()
    boxes = joined(
        "",
        '<rect class="rq-map-box" x="{}" y="{}" width="{}" height="{}" rx="5"/>',
        ((box.x, box.y, box.width, box.height) for box in insets),
    )
    codes = joined(
        "",
        '<text class="rq-map-code" x="{}" y="{}" aria-hidden="true">{}</text>',
        ((box.x + 5, box.y + box.height - 5, box.department) for box in insets),
    )
    drawn = joined(
        "",
        '<a href="{}" aria-label="{}"><path class="rq-map-area rq-map-{}" d="{}"><title>{}</title></path></a>',
        ((area.url, said, area.shade, area.path, said) for area in areas for said in [_area_words(area)]),
    )
    view = " ".join(str(number) for number in reference.VIEW_BOX)
    return _svg(view, _("Partenaires par département"), filled("{}{}{}", boxes, drawn, codes))


def department(code: str, name: str, discs: Iterable[Disc]) -> SafeString:
    """One département among its neighbours, with a disc for each commune."""
    box = frame_of(code)
    found = list(discs)
    around = joined(
        "",
        '<path class="rq-map-around" d="{}"/>',
        ((path,) for other, path in reference.outlines().items() if other != code and _near(box, other)),
    )
    ground = filled('<path class="rq-map-ground" d="{}"/>', reference.outlines()[code])
    circles = joined(
        "",
        '<a href="{}" aria-label="{}"><circle class="rq-map-disc" cx="{}" cy="{}" r="{}"><title>{}</title></circle></a>',
        ((disc.url, said, disc.x, disc.y, disc.radius, said) for disc in found for said in [_disc_words(disc)]),
    )
    letter = round(box[2] * LETTER, 2)
    names = joined(
        "",
        '<text class="rq-map-name" x="{}" y="{}" font-size="{}" text-anchor="{}" aria-hidden="true">{}</text>',
        ((disc.name_at, round(disc.y + letter * 0.35, 2), letter, disc.side, disc.name) for disc in found if disc.side),
    )
    view = " ".join(str(number) for number in box)
    label = _("Partenaires par commune : %(name)s") % {"name": name}
    return _svg(view, label, filled("{}{}{}{}", around, ground, circles, names))


def _near(box: tuple[float, float, float, float], code: str) -> bool:
    other = frame_of(code)
    return (
        box[0] < other[0] + other[2]
        and other[0] < box[0] + box[2]
        and box[1] < other[1] + other[3]
        and other[1] < box[1] + box[3]
    )


def _svg(view: str, label: str, content: SafeString) -> SafeString:
    return filled('<svg class="rq-map" viewBox="{}" role="group" aria-label="{}">{}</svg>', view, label, content)


def _area_words(area: Area) -> str:
    number = number_format(area.number, force_grouping=True)
    return f"{area.name} ({area.code})\u00a0: {number}"


def _disc_words(disc: Disc) -> str:
    return f"{disc.name}\u00a0: {number_format(disc.number, force_grouping=True)}"
