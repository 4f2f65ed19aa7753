"""Any text: invisible characters, words that mean « nothing », formulas, wrong encodings."""

import re
import unicodedata

from reciproque.engines.identifiers.folding import fold
from reciproque.engines.identifiers.problems import EMPTY, Reading, found

_SPACES = re.compile(r"\s+")
_LINE_BREAK = re.compile(r"\r\n?|\x0b|\x0c|\x85|\u2028|\u2029")
# Control characters, soft hyphen, zero-width characters, direction marks, byte-order mark; tab and line feed are spaces.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff]"
)

_NULL_WORDS = (
    "x xx xxx neant neants sans aucun aucune inconnu inconnue null none nan n/a n.a n.a. nc n/c n.c n.c. n/d "
    "n.d n.d. s/o s.o s.o. n/r non.renseigne vide rien ? ?? ??? - -- --- ---- – — _ __ . .. ... … / // * ** "
    "(vide) (null) (none) [nd] <na> undefined"
)
NULL_WORDS = frozenset(_NULL_WORDS.split()) | {
    "non renseigne", "non renseignee", "non communique", "non communiquee", "non connu", "non connue", "non disponible",
    "non determine", "sans objet", "pas de numero",
    "a definir", "a determiner", "a confirmer", "en attente", "a completer", "a renseigner", "a preciser", "[non-diffusible]",
}  # fmt: skip
_LONGEST_WORD = 24
_SPREADSHEET_ERROR = re.compile(
    r"#(?:N/A|N/D|NA|REF!?|VALUE!?|VALEUR!?|NAME\??|NOM\??|DIV/0!?|NUM!?|NOMBRE!?|NULL!?|NUL!?|#+)", re.IGNORECASE
)
_FORMULA = re.compile(r"=\s*[^\s=]|[+\-@][A-Za-z][A-Za-z.]*\(")

_UNDEFINED_IN_1252 = {0x81, 0x8D, 0x8F, 0x90, 0x9D}
_BYTE = {
    (chr(code) if code in _UNDEFINED_IN_1252 else bytes([code]).decode("cp1252")): code for code in range(0x80, 0x100)
} | {chr(code): code for code in range(0x80, 0xA0)}
_CONTINUATION = "[" + "".join(re.escape(char) for char, code in _BYTE.items() if code < 0xC0) + "]"
# « Â« » could be meant, but a French word does not end in Â.
# The UTF-8 sequences of Latin letters (two bytes) and of typographic signs (three bytes), as cp1252 shows them.
_MISREAD = re.compile(f"[ÂÃÄÅ]{_CONTINUATION}|â{_CONTINUATION}{{2}}|ï»¿")
_LATIN_OR_SIGN = re.compile("[\u00a0-\u017f\u2010-\u203a\u20ac\u2122\u2212\ufeff]")
_LOST_SPACE = re.compile(r"Ã(?=[ \s]|$)")


def clean_text(text: str, *, lines: bool = False) -> str:
    """NFC, without control or invisible characters, white space collapsed; `lines` keeps line breaks."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    if lines:
        kept = (" ".join(line.split()) for line in _LINE_BREAK.sub("\n", text).split("\n"))
        return "\n".join(kept).strip("\n")
    return " ".join(text.split())


def is_null_word(text: str) -> bool:
    """Whether people write this to say that there is nothing: « néant », « X », « n/c », « - », #N/A, nothing at all."""
    if len(text) > _LONGEST_WORD:
        return False
    folded = fold(text).strip()
    return not folded or folded in NULL_WORDS or bool(_SPREADSHEET_ERROR.fullmatch(folded))


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would compute this: `=A1`, `=SOMME(…)`, `+SUM(…)`, `@IF(…)`. `+33 2…` and `-5` are not."""
    return text[:1] in "=+-@" and bool(text) and _FORMULA.match(text) is not None


def _decoded(match: re.Match[str]) -> str:
    try:
        char = bytes(_BYTE[shown] for shown in match[0]).decode("utf-8")
    except UnicodeDecodeError:
        return match[0]
    return char if _LATIN_OR_SIGN.fullmatch(char) else match[0]


def repair_mojibake(text: str) -> tuple[str, bool]:
    """« UniversitÃ© » → (« Université », True): UTF-8 that was read as cp1252, once or twice.

    The second part says whether the result is certain: every suspicious sequence was the exact image of one Latin
    letter or typographic sign. « Ã » before a plain space (an « à » whose no-break space was lost) is put right but
    not certain. A text without suspicious sequence comes back as it was, certain.
    """
    if text.isascii():
        return text, True
    for _ in range(2):
        repaired = _MISREAD.sub(_decoded, text)
        if repaired == text:
            break
        text = repaired.replace("\ufeff", "")
    left = _LOST_SPACE.sub("à", text)
    if left != text:
        return left, False
    return text, _MISREAD.search(text) is None


def refused(text: str) -> Reading | None:
    """What holds for any kind of cell: empty, « néant », an error value, a formula; None when there is something to read."""
    if not text or text.isspace():
        return EMPTY
    stripped = text.strip()
    if stripped[0] == "#" and _SPREADSHEET_ERROR.fullmatch(stripped):
        return found("spreadsheet_error", text=stripped)
    if is_null_word(stripped):
        return found("null_word", text=stripped)
    if is_formula(stripped):
        return found("formula", text=stripped)
    return None


def read_text(text: str) -> Reading:
    """A name, a town, a title: cleaned, « néant » read as nothing, wrong encodings put right when that is certain."""
    repaired, certain = (text, True) if text.isascii() else repair_mojibake(text)
    cleaned = clean_text(repaired)
    refusal = refused(cleaned) if len(cleaned) <= _LONGEST_WORD or cleaned[0] in "=+-@#" else None
    if refusal is not None:
        return refusal
    if "\ufffd" in cleaned:
        return found("mojibake_lost", cleaned, text=clean_text(text))
    if not certain:
        return found("mojibake_doubtful", clean_text(text), text=clean_text(text), suggestion=cleaned)
    if repaired != text:
        return found("mojibake_repaired", cleaned, text=clean_text(text))
    return Reading(cleaned)
