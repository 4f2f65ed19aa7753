"""The look of the messages that are sent: one column, readable letters, on a phone as on a wide screen, light or dark."""

from html import escape

STYLE = (
    ":root{color-scheme:light dark}"
    "body{max-width:38rem;margin:0;padding:1.25rem 1rem;font:1rem/1.5 system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif}"
    "h2{font-size:1.0625rem;margin:1.5rem 0 .5rem}ul{margin:.5rem 0;padding-inline-start:1.25rem}li{margin:.5rem 0}"
    "hr{border:0;border-top:1px solid #8886;margin:1.75rem 0 .75rem}small{font-size:.875rem}"
)


def framed(inner: str, *, lang: str) -> str:
    """A whole page around what a message says, in HTML already safe."""
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style>'
    return f'<!doctype html>\n<html lang="{escape(lang)}"><head>{head}</head><body>\n{inner}\n</body></html>\n'
