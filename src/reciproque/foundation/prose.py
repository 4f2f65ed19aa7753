"""Text that people write, in a small Markdown: paragraphs, emphasis, lists, quotes, code, links. Read as text, never as HTML."""

import re
from functools import cache, lru_cache
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString

RULES = (
    "newline", "list", "blockquote", "fence", "emphasis", "strikethrough", "backticks", "link", "autolink", "linkify", "escape", "entity",
)  # fmt: skip
TAGS = {"p", "br", "ul", "ol", "li", "blockquote", "pre", "code", "em", "strong", "s", "a"}
SCHEMES = {"http", "https", "mailto", "tel"}
KEPT = 1024
MARKED = re.compile(r"[*_`\[\]<>~\\&\n]|^\s*(?:[-+>]|\d+[.)])\s|://|www\.|@", re.IGNORECASE)
"""What may mean something; a line without any of it is a paragraph as it stands."""


WRAPPED = re.compile(r"(\*\*|__|~~|[*`])(?=\S)(.+?)(?<=\S)\1")


def plain(text: str) -> str:
    """The same without its marks of emphasis and code, for a title or a message."""
    return WRAPPED.sub(r"\2", text)


@cache
def _reader() -> Any:
    from markdown_it import MarkdownIt  # noqa: PLC0415 -- loaded when a text is first shown

    return MarkdownIt("zero", {"html": False, "linkify": True, "breaks": True}).enable(list(RULES))


@lru_cache(maxsize=KEPT)
def shown(text: str) -> SafeString:
    """The text as HTML that holds nothing but these tags and links that leave safely, whatever was typed."""
    if not MARKED.search(text):
        return SafeString(f"<p>{escape(text)}</p>" if text.strip() else "")
    import nh3  # noqa: PLC0415 -- with the reader above

    html = _reader().render(text)
    clean = nh3.clean(
        html, tags=TAGS, attributes={"a": {"href"}, "ol": {"start"}}, url_schemes=SCHEMES, link_rel="noopener noreferrer nofollow"
    )  # fmt: skip
    return SafeString(clean)
