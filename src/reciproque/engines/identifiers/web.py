"""Web addresses, with their scheme; only http and https exist here."""

import re
from urllib.parse import urlsplit, urlunsplit

from reciproque.engines.identifiers.cleaning import clean_text, refused
from reciproque.engines.identifiers.emails import read_email
from reciproque.engines.identifiers.problems import Reading, found

_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})", re.ASCII)
_SCHEME = re.compile(r"^\s*(https?)\s*[:;]?\s*/{1,3}\s*", re.IGNORECASE)
_OTHER_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)


def read_url(text: str) -> Reading:
    """« www.Exemple.FR/ » → « https://www.exemple.fr »; the host is lower case, the path is kept as written."""
    refusal = refused(text)
    if refusal is not None:
        return refusal
    bare = clean_text(text).strip("<>\"' ")
    match = _SCHEME.match(bare)
    scheme, rest = (match[1].lower(), bare[match.end() :]) if match else ("https", bare)
    if "@" in rest.split("/")[0]:
        email = read_email(rest)
        return found("email_in_url", email=email.value) if email.value else found("url_format", text=text.strip())
    if " " in rest or (match is None and _OTHER_SCHEME.match(rest)):
        return found("url_format", text=text.strip())
    try:
        parts = urlsplit(f"{scheme}://{rest}")
        host, port = (parts.hostname or "").rstrip("."), parts.port
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        return found("url_format", text=text.strip())
    if not _HOST.fullmatch(host):
        return found("url_format", text=text.strip())
    place = f"{host}:{port}" if port else host
    path = "" if parts.path == "/" and not parts.query else parts.path
    return Reading(urlunsplit((scheme, place, path, parts.query, parts.fragment)))


def web_domain(url: str) -> str:
    """« https://www.exemple.fr/x » → « exemple.fr »: comparable with the domain of an e-mail address."""
    return (urlsplit(url).hostname or "").removeprefix("www.")
