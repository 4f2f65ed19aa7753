"""What people write is shown with its lists, emphasis and links, and can never be markup of its own."""

from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reciproque.foundation.prose import SCHEMES, TAGS, plain, shown


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Vu ce matin.", "<p>Vu ce matin.</p>"),
        ("", ""),
        ("A & B", "<p>A &amp; B</p>"),
        ("Ils veulent **deux** stagiaires", "<p>Ils veulent <strong>deux</strong> stagiaires</p>"),
        ("deux\nlignes", "<p>deux<br>\nlignes</p>"),
        ("- un\n- deux", "<ul>\n<li>un</li>\n<li>deux</li>\n</ul>"),
        ("snake_case_name", "<p>snake_case_name</p>"),
        ("# Titre", "<p># Titre</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("![x](https://a.fr/x.png)", '<p>!<a href="https://a.fr/x.png" rel="noopener noreferrer nofollow">x</a></p>'),
        ("[clic](javascript:alert(1))", "<p>[clic](javascript:alert(1))</p>"),
    ],
)
def test_what_is_written_and_what_is_read(text: str, html: str) -> None:
    assert shown(text).strip() == html


@pytest.mark.parametrize("text", ["voir https://www.acme.fr/plan?x=1 ici", "voir www.acme.fr", "écrire à luc@acme.fr"])
def test_addresses_become_links_that_leave_safely(text: str) -> None:
    html = shown(text)
    assert "<a href=" in html
    assert 'rel="noopener noreferrer nofollow"' in html


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


PIECES = st.sampled_from(
    ["<img src=x onerror=alert(1)>", "<a href='javascript:x'>", "[a](", "javascript:alert(1)", ")", "<svg/onload=x>", "`", "**", "&lt;",
     "data:text/html,x", "\n\n", "> ", "- ", "1. ",
     "<https://a.fr>", "http://", "\\", "![", "]", '"', "'", "\0", "é", "<!--", "-->", "style=", "[x]: javascript:a"]
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=8), max_size=14).map("".join))
@example("<a\nhref=javascript:alert(1)>x</a>")
@example("[x](jav&#x61;script:alert(1))")
def test_no_text_makes_markup_of_its_own(text: str) -> None:
    reader = Reader()
    reader.feed(shown(text))
    for tag, attributes in reader.found:
        assert tag in TAGS
        assert set(attributes) <= {"href", "rel", "start"}
        if href := attributes.get("href"):
            assert ":" not in href.partition("/")[0] or href.partition(":")[0].lower() in SCHEMES


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("le **jeudi** à `9 h`", "le jeudi à 9 h"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("snake_case", "snake_case"),
        ("__vu__", "vu"),
    ],
)
def test_a_title_loses_its_marks(text: str, words: str) -> None:
    assert plain(text) == words
