"""Which files are taken: by extension, by their first bytes, by size; archives are bounded."""

import io
import re
import stat
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from app.kernel.errors import Invalid

LARGEST = 20 * 1024 * 1024
"""The largest file taken, in bytes."""
LARGEST_UNPACKED = 50 * 1024 * 1024
"""The most that an archive may unpack to, in bytes."""
LARGEST_RATIO = 100
MOST_ENTRIES = 2000
LONGEST_NAME = 120

_CONTROLS = bytes(byte for byte in range(ord(" ")) if byte not in b"\t\n\r\f")
_OFFICE = "application/vnd.openxmlformats-officedocument"


class FileEmpty(Invalid):
    """There is nothing in the file."""

    code = "file.empty"


class FileTooLarge(Invalid):
    """The file, or what its archive unpacks to, is larger than we take."""

    code = "file.too_large"


class FileKindNotTaken(Invalid):
    """The extension is not one of those we take."""

    code = "file.kind_not_taken"


class FileIsNotWhatItSays(Invalid):
    """The content does not fit the extension."""

    code = "file.not_what_it_says"


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may be kept: the name to show and its media type."""

    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: its media type and what its content must look like."""

    media_type: str
    fits: Callable[[bytes], bool]


def _begins(*beginnings: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(beginnings)


def _is_text(content: bytes) -> bool:
    """Return whether this is text: UTF-8, UTF-16 with its mark, or a one-byte encoding."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return len(content) % 2 == 0
    return content.translate(None, _CONTROLS) == content


def _is_webp(content: bytes) -> bool:
    return content[:4] == b"RIFF" and content[8:12] == b"WEBP"


def _is_mp4(content: bytes) -> bool:
    return content[4:8] == b"ftyp"


def _is_zip(content: bytes) -> bool:
    return bool(_bounded(content))


def _is_office(folder: str) -> Callable[[bytes], bool]:
    def fits(content: bytes) -> bool:
        names = _bounded(content)
        has_macros = any(name.endswith("vbaProject.bin") for name in names)
        is_one = "[Content_Types].xml" in names and any(n.startswith(folder) for n in names)
        return is_one and not has_macros

    return fits


KINDS = {
    "csv": Kind("text/csv", _is_text),
    "docx": Kind(f"{_OFFICE}.wordprocessingml.document", _is_office("word/")),
    "gif": Kind("image/gif", _begins(b"GIF87a", b"GIF89a")),
    "jpeg": Kind("image/jpeg", _begins(b"\xff\xd8\xff")),
    "jpg": Kind("image/jpeg", _begins(b"\xff\xd8\xff")),
    "mp4": Kind("video/mp4", _is_mp4),
    "pdf": Kind("application/pdf", _begins(b"%PDF-")),
    "png": Kind("image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    "pptx": Kind(f"{_OFFICE}.presentationml.presentation", _is_office("ppt/")),
    "txt": Kind("text/plain", _is_text),
    "webp": Kind("image/webp", _is_webp),
    "xlsx": Kind(f"{_OFFICE}.spreadsheetml.sheet", _is_office("xl/")),
    "zip": Kind("application/zip", _is_zip),
}


def check(name: str, content: bytes) -> Checked:
    """Return the name to show and the media type of a file that we take.

    :raises FileEmpty: if there is nothing in it
    :raises FileTooLarge: if it is too large, or its archive unpacks to too much
    :raises FileKindNotTaken: if its extension is not in :data:`KINDS`
    :raises FileIsNotWhatItSays: if its content does not fit the extension
    """
    shown = safe_name(name)
    kind = KINDS.get(shown.rpartition(".")[2].lower()) if "." in shown else None
    if kind is None:
        kinds = ", ".join(sorted(KINDS))
        raise FileKindNotTaken(f"“{shown}” is not a kind of file we take. We take {kinds}.")
    if not content:
        raise FileEmpty(f"“{shown}” is empty.")
    if len(content) > LARGEST:
        raise FileTooLarge(f"“{shown}” is larger than {LARGEST // 1024**2} MB.")
    if not kind.fits(content):
        raise FileIsNotWhatItSays(f"“{shown}” is not what its name says.")
    return Checked(shown, kind.media_type)


def safe_name(name: str) -> str:
    """Return ``name`` for display: no folders, control or direction characters, not too long."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(" " if c.isspace() else c for c in last if c.isspace() or _is_seen(c))
    shown = re.sub(r' +|[<>:"|?*]', lambda m: " " if m[0].isspace() else "-", shown)
    stem, dot, extension = shown.strip(" .").rpartition(".")
    if not dot or len(extension) >= LONGEST_NAME // 2:
        return shown.strip(" .")[:LONGEST_NAME] or "file"
    return f"{stem[: LONGEST_NAME - len(extension) - 1].rstrip(' .') or 'file'}.{extension}"


def _is_seen(character: str) -> bool:
    return not unicodedata.category(character).startswith("C")


def _bounded(content: bytes) -> list[str]:
    """Return the names in an archive that is safe to unpack; none if it is no archive.

    :raises FileTooLarge: if it unpacks to too much, or holds too many files
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return []
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > min(LARGEST_UNPACKED, LARGEST_RATIO * len(content)) or packed > len(content):
        raise FileTooLarge("The archive unpacks to more than we take.")
    if len(entries) > MOST_ENTRIES:
        raise FileTooLarge(f"The archive holds more than {MOST_ENTRIES} files.")
    return [] if any(_leads_out(entry) for entry in entries) else [e.filename for e in entries]


def _leads_out(entry: zipfile.ZipInfo) -> bool:
    """Return whether an entry is encrypted, a link, or would be unpacked outside its folder."""
    parts = re.split(r"[/\\]", entry.filename)
    is_link = stat.S_ISLNK(entry.external_attr >> 16)
    return ".." in parts or not parts[0] or ":" in parts[0] or is_link or bool(entry.flag_bits & 1)
