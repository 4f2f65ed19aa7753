"""Every component renders, escapes what it is given, and stands in the gallery; the vendored files are those locked."""

import hashlib
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory

from reciproque.foundation.ui.components import showcase
from reciproque.foundation.ui.gallery import SampleForm, samples
from reciproque.foundation.ui.templatetags.ui import register

UI = Path(__file__).parents[2] / "src/reciproque/foundation/ui"
VENDOR = UI / "static/ui/vendor"
PAGE = Path(__file__).parents[2] / "docs/reference/composants.md"
SOURCES = sorted((UI.parents[1]).rglob("templates/**/*.html"))
EVIL = "<script>alert('x')</script>\"'&"
COMPONENTS = sorted(set(register.tags) - showcase.LAYOUT_TAGS)

USES = {
    "icon": "{% icon 'phone' label=x %}",
    "kind_icon": "{% kind_icon x x %}",
    "button": "{% button x icon='plus' shortcut=x name=x hx_post=x %}",
    "link_button": "{% link_button x x icon='plus' data_key=x %}",
    "icon_button": "{% icon_button x 'x' %}{% icon_button x 'x' href=x %}",
    "badge": "{% badge x 'info' title=x %}",
    "status": "{% status x 'warning' title=x %}",
    "tag_chip": "{% tag_chip x href=x remove_url=x hue=x %}",
    "kbd": "{% kbd x %}",
    "progress": "{% progress 3 10 x %}",
    "skeleton": "{% skeleton 2 %}",
    "stat": "{% stat x x href=x hint=x %}",
    "copyable": "{% copyable x x %}",
    "hint": "{% hint x x %}",
    "card": "{% card title=x icon='star' action_url=x action_label=x %}{{ x }}{% endcard %}",
    "page_header": "{% page_header title=x subtitle=x kind='company' kind_label=x %}{{ x }}{% endpage_header %}",
    "empty_state": "{% empty_state title=x text=x %}{{ x }}{% endempty_state %}",
    "callout": "{% callout title=x tone='danger' %}{{ x }}{% endcallout %}",
    "dropdown": "{% dropdown label=x icon='dots' %}{{ x }}{% enddropdown %}"
    "{% dropdown label=x icon='dots' icon_only=True %}{% enddropdown %}",
    "menu_item": "{% menu_item x href=x icon='eye' shortcut=x %}{% menu_item x %}",
    "menu_label": "{% menu_label x %}",
    "tabs": "{% tabs items x %}",
    "segmented": "{% segmented items x %}",
    "stepper": "{% stepper steps 2 x %}",
    "dialog": "{% dialog id=x title=x %}{{ x }}{% enddialog %}",
    "field": "{% field form.name label=x help_text=x %}{% field form.sharing %}{% field form.moment %}",
    "form_errors": "{% form_errors form %}",
    "form_fields": "{% form_fields form %}",
    "form_actions": "{% form_actions %}{{ x }}{% endform_actions %}",
    "search_field": "{% search_field x x value=x placeholder=x hx_get=x %}",
    "day_input": "{% day_input x x %}",
    "file_drop": "{% file_drop form.file x %}",
    "filter_chip": "{% filter_chip x x remove_url=x edit_url=x %}{% filter_chip x %}",
    "table_region": "{% table_region label=x %}{{ x }}{% endtable_region %}",
    "th_sort": "{% th_sort x x %}",
    "pager": "{% pager previous_url=x next_url=x summary=x label=x %}",
    "definition": "{% definition x x origin=x href=x %}",
    "definitions": "{% definitions values %}",
    "timeline_item": "{% timeline_item sentence=x on=today kind=x kind_label=x "
    "author=x unit=x href=x private=True %}{{ x }}{% endtimeline_item %}",
    "diff": "{% diff x x x %}",
    "conflict": "{% conflict versions mine=x theirs=x name=x %}",
    "moment_time": "{% moment_time today x data_a=x %}",
    "toast": "{% toast notice %}",
}


@pytest.fixture
def request_() -> HttpRequest:
    """Somebody's request whose address also carries an attack."""
    return RequestFactory().get("/partenaires/", {"q": EVIL, "tri": "nom", "apres": "42"})


def render(source: str, request: HttpRequest | None = None, **values: Any) -> str:
    """A template of one line, with the built-in tags."""
    return Template(source).render(Context({"request": request, "csrf_token": "jeton", **values}))


def evil_context() -> dict[str, Any]:
    form = SampleForm({"name": EVIL, "siret": EVIL, "sharing": EVIL, "unit": EVIL, "email": EVIL})
    return samples(both=False) | {
        "x": EVIL,
        "form": form,
        "items": [{"label": EVIL, "url": EVIL, "active": True, "count": EVIL}],
        "steps": [EVIL, {"label": EVIL, "url": EVIL}],
        "values": [{"label": EVIL, "value": EVIL, "origin": EVIL, "href": EVIL}, {"label": EVIL, "value": ""}],
        "versions": [{"key": EVIL, "label": EVIL, "mine": EVIL, "theirs": "autre"}],
        "notice": Message(constants.ERROR, EVIL, extra_tags=f"/{EVIL}"),
    }


def test_every_component_is_tried_here() -> None:
    assert sorted(USES) == COMPONENTS


@pytest.mark.parametrize("name", COMPONENTS)
def test_it_renders_and_escapes(name: str, request_: HttpRequest) -> None:
    html = render(USES[name], request_, **evil_context())
    assert html.strip()
    assert "<script" not in html
    assert not re.search(r"\"'&(?!quot;|amp;|#x27;|lt;|gt;)", html)


@pytest.mark.parametrize("name", COMPONENTS)
def test_it_stands_in_the_gallery_and_says_what_it_promises(name: str) -> None:
    gallery = (UI / "templates/ui/gallery_samples.html").read_text("utf-8")
    assert f'{{% sample "{name}" %}}' in gallery
    assert showcase.promise(name)


def test_the_reference_page_says_what_the_code_says() -> None:
    assert PAGE.read_text("utf-8") == showcase.reference()


@pytest.mark.parametrize("attribute", ["style", "onclick", "onload"])
def test_inline_style_and_handlers_are_refused(attribute: str) -> None:
    with pytest.raises(TemplateSyntaxError, match="content security policy"):
        render(f"{{% button 'Aller' {attribute}='x' %}}")


@pytest.mark.parametrize(
    "source", ["{% badge 'a' 'pink' %}", "{% button 'a' kind='huge' %}", "{% callout tone='x' %}{% endcallout %}"]
)
def test_a_misspelt_tone_is_refused(source: str) -> None:
    with pytest.raises(TemplateSyntaxError, match="unknown"):
        render(source)


def test_an_unknown_icon_is_drawn_as_a_point_with_a_warning() -> None:
    with pytest.warns(UserWarning, match="no-such-icon"):
        assert "#point" in render("{% icon 'no-such-icon' %}")


def test_a_decorative_icon_is_hidden_and_a_labelled_one_is_read() -> None:
    assert 'aria-hidden="true"' in render("{% icon 'phone' %}")
    assert 'role="img"' in render("{% icon 'phone' label='Appel' %}")


def test_a_sorted_header_turns_and_forgets_the_cursor(request_: HttpRequest) -> None:
    html = render("{% th_sort 'Nom' 'nom' %}{% th_sort 'Date' 'date' %}", request_)
    assert 'aria-sort="ascending"' in html
    assert html.count("tri=-nom") == 1
    assert html.count("tri=date") == 1
    assert "apres" not in html


def test_a_refused_field_is_tied_to_its_message_and_help() -> None:
    form = SampleForm({"name": "", "siret": "1"}, auto_id="%s")
    html = render("{% field form.siret %}", form=form)
    assert 'aria-describedby="siret_help siret_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="siret_error"' in html
    assert "(obligatoire)" in html


def test_a_group_of_choices_is_tied_to_its_message() -> None:
    form = SampleForm({"sharing": "ailleurs"}, auto_id="%s")
    assert 'aria-describedby="sharing_error"' in render("{% field form.sharing %}", form=form)


def test_the_summary_leads_to_the_fields_and_is_absent_without_error() -> None:
    assert 'href="#siret"' in render("{% form_errors form %}", form=SampleForm({"siret": "1"}, auto_id="%s"))
    assert render("{% form_errors form %}", form=SampleForm()) == ""


def test_empty_fields_are_folded_and_counted() -> None:
    items = [{"label": "SIREN", "value": "412"}, {"label": "Groupe", "value": ""}, {"label": "Effectif", "value": 0}]
    html = render("{% definitions items %}", items=items)
    assert "1 champ vide" in html
    assert ">0<" in html


@pytest.mark.parametrize(
    ("undo", "shown"), [("/annuler/3/", True), ("//ailleurs.example/", False), ("javascript:x", False), ("", False)]
)
def test_only_a_local_address_undoes(undo: str, shown: bool) -> None:
    html = render("{% toast notice %}", notice=Message(constants.SUCCESS, "Archivé.", extra_tags=undo))
    assert ("<form" in html) is shown


def test_a_later_step_is_not_a_link() -> None:
    html = render("{% stepper steps 1 %}", steps=[{"label": "Un", "url": "/1"}, {"label": "Deux", "url": "/2"}])
    assert "href" not in html
    assert 'aria-current="step"' in html


# ── Templates and files ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: "/".join(path.parts[-2:]))
def test_no_template_has_inline_style_script_or_handler(path: Path) -> None:
    source = re.sub(r"{%.*?%}|{{.*?}}", "", path.read_text("utf-8"), flags=re.DOTALL)
    assert not re.search(r"\sstyle\s*=|<style", source)
    assert not re.search(r"<[^>]+\son[a-z]+\s*=", source)
    assert not re.search(r"<script(?![^>]*(\bsrc=|type=\"application/json\"))", source)
    assert not re.search(r"(src|href)=[\"']https?:", source)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: "/".join(path.parts[-2:]))
def test_every_icon_named_in_a_template_is_in_the_sprite(path: Path) -> None:
    from reciproque.foundation.ui.components.elements import known_icons

    named = set(re.findall(r"{%-?\s*icon\s+[\"']([^\"']+)[\"']|\bicon=[\"']([^\"']+)[\"']", path.read_text("utf-8")))
    assert {first or second for first, second in named} <= known_icons()


def test_the_vendored_files_are_those_locked() -> None:
    lines = (VENDOR / "vendor.lock").read_text("utf-8").split("\n")
    locked = dict(reversed(line.split("  ", 1)) for line in lines if line)
    present = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "vendor.lock"
    }
    assert present == locked


def test_no_stylesheet_or_script_names_a_source_map_or_another_host() -> None:
    for path in [
        *UI.glob("static/ui/*.css"),
        *UI.glob("static/ui/js/*.js"),
        VENDOR / "tabler.css",
        VENDOR / "htmx.min.js",
    ]:
        text = path.read_text("utf-8")
        assert "sourceMappingURL" not in text
        assert not re.search(r"url\([\"']?https?:|import\s+[\"']https?:", text)


def test_the_first_page_stays_light() -> None:
    """What the first page fetches, compressed: under 350 kB."""
    import gzip

    text = [
        *UI.glob("static/ui/*.css"),
        *UI.glob("static/ui/js/*.js"),
        VENDOR / "tabler.css",
        VENDOR / "htmx.min.js",
        VENDOR / "icons.svg",
    ]
    weight = sum(len(gzip.compress(path.read_bytes())) for path in text)
    weight += sum(path.stat().st_size for path in VENDOR.glob("*.woff2"))
    assert weight < 350_000
