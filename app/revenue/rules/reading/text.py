"""From bytes to text: what kind of file it is, and how its letters are written."""

import codecs
from dataclasses import dataclass

from app.revenue.rules.reading.report import FileRefused

LARGEST = 20 * 1024 * 1024
"""The largest file that is read, in bytes."""

_LOOKED_AT = 4096
_MOST_CONTROLS = 0.02
_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
_OTHERS = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "an Excel workbook or another archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"<!DOCTYPE", "a web page"),
    (b"<html", "a web page"),
    (b"<?xml", "an XML file"),
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file, the encoding it was read in, and what a person should know about it."""

    text: str
    encoding: str
    notes: tuple[str, ...] = ()


def decode(content: bytes) -> Decoded:
    """Return the text of ``content``: by its mark, else UTF-8, else Windows-1252 with a note.

    :raises FileRefused: if it is empty, too large, not text, or broken
    """
    if len(content) > LARGEST:
        raise FileRefused(f"The file is larger than {LARGEST // 1024**2} MB. Send it in parts.")
    if not content.strip(b"\0 \t\r\n"):
        raise FileRefused("The file is empty.")
    for mark, codec, name in _MARKS:
        if content.startswith(mark):
            return Decoded(_strict(content[len(mark) :], codec, name), name)
    for beginning, kind in _OTHERS:
        if content[: len(beginning)].upper() == beginning.upper():
            raise FileRefused(f"This is {kind}, not a CSV file. Save the table as CSV.")
    return _without_mark(content)


def _without_mark(content: bytes) -> Decoded:
    codec = _wide(content)
    if codec:
        note = "Read as UTF-16, though the file does not say so at its beginning."
        return Decoded(_strict(content, codec, "UTF-16"), "UTF-16", (note,))
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return _western(content)
    _refuse_binary(text)
    return Decoded(text, "UTF-8")


def _western(content: bytes) -> Decoded:
    """Return text that is not UTF-8, where it can be Windows-1252."""
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as problem:
        line = content[: problem.start].count(b"\n") + 1
        raise FileRefused(
            f"The letters of the file cannot be read: line {line} fits neither UTF-8 nor "
            "Windows-1252. Save it as UTF-8 and send it again."
        ) from None
    _refuse_binary(text)
    note = "Read as Windows-1252, since it is not UTF-8. Look whether accents are right."
    return Decoded(text, "Windows-1252", (note,))


def _strict(content: bytes, codec: str, name: str) -> str:
    try:
        text = content.decode(codec)
    except UnicodeDecodeError:
        raise FileRefused(
            f"The file begins as {name}, but holds bytes that are not. Save it again as UTF-8."
        ) from None
    if not text.strip("\0 \t\r\n"):
        raise FileRefused("The file is empty.")
    _refuse_binary(text)
    return text


def _wide(content: bytes) -> str:
    """Return the codec of UTF-16 without a mark: every other byte of plain letters is zero."""
    piece = content[:_LOOKED_AT]
    if len(content) % 2:
        return ""
    even, odd = piece[::2].count(0), piece[1::2].count(0)
    most = len(piece) // 2 * 0.4
    if odd > most and even < odd / 4:
        return "utf-16-le"
    return "utf-16-be" if even > most and odd < even / 4 else ""


def _refuse_binary(text: str) -> None:
    piece = text[:_LOOKED_AT]
    controls = sum(ord(c) < ord(" ") and c not in "\t\r\n\0" for c in piece)
    if controls > _MOST_CONTROLS * len(piece) or piece.count("\0") > len(piece) // 4:
        raise FileRefused("This is not a text file. Save the table as CSV and send that.")
