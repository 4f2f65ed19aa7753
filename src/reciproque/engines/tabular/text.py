"""Delimited text: its encoding, its separator, its quotes as they really are."""

import csv
import io
import itertools
import re
import statistics
from collections.abc import Iterator

from reciproque.engines.tabular.model import Limits, Note, TabularError

SEPARATORS = (";", "\t", ",", "|")
ENCODINGS = {"utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "cp1252", "mixed"}
CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
KEEP = {ord(c): None for c in map(chr, (*range(9), *range(14, 32), 127))}
SEPARATOR_LINE = re.compile(r'^"?sep=(.)"?\r?\n?$', re.IGNORECASE)
SAMPLE_LINES = 400
MAX_NOTED = 20
"""At most so many line numbers in a note."""


def decode(data: bytes, encoding: str = "") -> tuple[str, str, list[Note]]:
    """Text, name of the encoding, and what was noticed. "mixed" is UTF-8 with some lines in cp1252."""
    notes: list[Note] = []
    name = encoding if encoding in ENCODINGS else guess_encoding(data)
    if name == "mixed":
        text = _decode_mixed(data, notes)
    else:
        text = data.decode(name, "replace").removeprefix("\ufeff")
        if "\ufffd" in text:
            notes.append(Note("undecodable", str(text.count("\ufffd"))))
    if found := CONTROL.findall(text):
        if len(found) > max(16, len(text) // 50):
            raise TabularError("wrong_type", "binary")
        notes.append(Note("control_characters", str(len(found))))
        text = text.translate(KEEP)
    return text, name, notes


def guess_encoding(data: bytes) -> str:
    """The encoding of a text: a byte order mark, else what the bytes allow, else the Windows one."""
    if wide := wide_encoding(data):
        return wide
    if data[:4000].count(0) > 80:
        raise TabularError("wrong_type", "binary")
    marked = data.startswith(b"\xef\xbb\xbf")
    if _is_utf8(data):
        return "utf-8-sig" if marked else "utf-8"
    accents = len(re.findall(rb"[\xc3\xe2][\x80-\xbf]", data))
    return "mixed" if marked or accents > 2 * len(_not_utf8_lines(data)) else "cp1252"


def wide_encoding(data: bytes) -> str:
    """The encoding of two bytes a letter that a text has, by its first bytes; "" for none."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16-le" if data[0] == 0xFF else "utf-16-be"
    head = data[:4000]
    odd, even, half = head[1::2].count(0), head[0::2].count(0), len(head) / 2
    if odd > half * 0.5 and even < half * 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > half * 0.5 and odd < half * 0.1 else ""


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _not_utf8_lines(data: bytes) -> list[int]:
    return [number for number, line in enumerate(data.split(b"\n"), 1) if not _is_utf8(line)]


def _decode_mixed(data: bytes, notes: list[Note]) -> str:
    lines, odd = [], []
    for number, line in enumerate(data.split(b"\n"), 1):
        try:
            lines.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            lines.append(line.decode("cp1252", "replace"))
            odd.append(number)
    notes.append(Note("mixed_encoding", lines_text(odd)))
    return "\n".join(lines).removeprefix("\ufeff")


def lines_text(lines: list[int]) -> str:
    """Line numbers for a note, cut when there are many."""
    shown = ", ".join(map(str, lines[:MAX_NOTED]))
    return f"{shown}, … ({len(lines)})" if len(lines) > MAX_NOTED else shown


def guess_separator(lines: list[str]) -> tuple[str, float]:
    """The separator that cuts the first lines most evenly, and how sure it is."""
    if lines and (told := SEPARATOR_LINE.match(lines[0])):
        return told.group(1), 1.0
    best, best_score = "", 0.0
    for separator in SEPARATORS:
        if (score := _evenness(lines, separator)) > best_score:
            best, best_score = separator, score
    return best, min(1.0, best_score) if best else 0.5


def _evenness(lines: list[str], separator: str) -> float:
    widths = [len(row) for row in csv.reader(lines[:SAMPLE_LINES], delimiter=separator) if any(row)]
    if not widths or max(widths) < 2:
        return 0.0
    usual = statistics.mode(widths)
    if usual < 2:
        usual = max(widths) if sum(width > 1 for width in widths) * 3 > len(widths) else 1
    share = sum(width == usual for width in widths) / len(widths)
    return share * (1 - 1 / (usual + 1)) ** 0.5 if usual > 1 else 0.0


class Delimited:
    """The records of a delimited text, in order, each with its number. A quote never closed costs one line, not the file."""

    def __init__(self, data: bytes, limits: Limits, *, separator: str = "", encoding: str = "") -> None:
        text, self.encoding, self.notes = decode(data, encoding)
        self.lines = io.StringIO(text, newline="").readlines()
        csv.field_size_limit(len(text) + 1)  # a cell too long is told as such when it is read, not while guessing
        guessed, self.confidence = guess_separator(self.lines[: SAMPLE_LINES * 2])
        self.separator = separator or guessed
        self.limits = limits
        self.bad_quotes: list[int] = []

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """(number, cells) of each record; blank lines count, as in a spreadsheet."""
        csv.field_size_limit(self.limits.cell_length)
        base = number = 0
        if self.lines and SEPARATOR_LINE.match(self.lines[0]):
            base = number = 1
        while base < len(self.lines):
            reader = csv.reader(
                itertools.islice(self.lines, base, None), delimiter=self.separator or "\x1f", strict=True
            )
            done = 0
            try:
                for cells in reader:
                    done = reader.line_num
                    number += 1
                    yield number, cells
                base = len(self.lines)
            except csv.Error:
                number += 1
                self.bad_quotes.append(number)
                yield number, self._mended(self.lines[base + done])
                base += done + 1

    def _mended(self, line: str) -> list[str]:
        if max(map(len, line.split(self.separator or "\x1f"))) > self.limits.cell_length:
            raise TabularError("cell_too_long", str(self.bad_quotes[-1]))
        cells = line.rstrip("\r\n").split(self.separator or "\x1f")
        return [_unquoted(cell) for cell in cells]


def _unquoted(cell: str) -> str:
    text = cell.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        return text[1:-1].replace('""', '"')
    return cell.removeprefix('"') if text.count('"') % 2 else cell
