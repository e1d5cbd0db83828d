"""A JSON object too large to be held: its members come one by one, and long lists item by item.

What is refused, and in which words, is what ``app.cli.files.document_of`` refuses.
"""

import json
import os
import re
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import click

from app.cli.files import BadFile
from app.cli.strict_json import NoNumber, complaints, decoder, first_repeated

CHUNK = 1 << 20
"""Characters that are read at a time."""
_SPACE = re.compile(r"[ \t\n\r]*")
_CUT = 16
"""So close to the end of what was read a value, or an error, may come of its being cut off."""
_NAME_NEEDED = "Expecting property name enclosed in double quotes"

Member = tuple[str, int | None, object]
"""A member's name and its value; or the name of a long list, and an item's number and value."""


def members_of(
    file: Path, known: Collection[str] | None, long: Collection[str]
) -> Iterator[Member]:
    """Yield the members of the object in a file, with a progress bar on a terminal.

    Of a list whose name is among the ``long`` ones an empty list comes first, without a number,
    then each item. A name that is not ``known`` comes last, with None: nothing after it is read.
    Where ``known`` is None, any name is.

    :raises BadFile: if the file has no JSON object
    """
    with _opened(file) as opened, _bar(file, opened) as bar:
        window = _Window(file, opened, bar)
        if window.sign() != "{":
            window.value("")
            raise BadFile(f"{file}: An object with named values is needed here.")
        names: list[str] = []
        for name in _names(window):
            names.append(name)
            if names.count(name) > 1:
                raise BadFile(
                    f"{file}: {first_repeated(iter(names))} is given twice in one object."
                )
            if known is not None and name not in known:
                yield name, None, None
                return
            yield from _member(window, name, is_long=name in long)
        if window.sign():
            raise window.fault("Extra data")


@contextmanager
def _opened(file: Path) -> Iterator[TextIO]:
    try:
        with file.open(encoding="utf-8-sig") as opened:
            yield opened
    except FileNotFoundError:
        raise BadFile(f"{file}: there is no such file.") from None
    except (OSError, UnicodeDecodeError) as problem:
        raise BadFile(f"{file}: cannot be read as text ({type(problem).__name__}).") from None


class _Bar:
    """How much of a file was read, shown where somebody looks on."""

    def __init__(self, shown: "click._termui_impl.ProgressBar[int] | None") -> None:
        self._shown = shown

    def at(self, place: int) -> None:
        """Show that a file was read up to a byte."""
        if self._shown is not None:
            self._shown.update(place - self._shown.pos)


@contextmanager
def _bar(file: Path, opened: TextIO) -> Iterator[_Bar]:
    if not sys.stderr.isatty():
        yield _Bar(None)
        return
    size = os.fstat(opened.fileno()).st_size
    with click.progressbar(length=size, label=file.name, file=sys.stderr) as shown:
        yield _Bar(shown)


class _Window:
    """The part of a file that is looked at: it moves on, and grows where a value needs more."""

    def __init__(self, file: Path, opened: TextIO, bar: _Bar) -> None:
        self._file, self._opened, self._bar = file, opened, bar
        self._text, self._at, self._line, self._ended = "", 0, 1, False
        self._has_no_number = False
        self._decode = decoder(self._no_number).raw_decode

    def _no_number(self, name: str) -> NoNumber:
        self._has_no_number = True
        return NoNumber(name)

    def _more(self) -> bool:
        """Read on, and forget what was passed; return whether there was any more."""
        piece = self._opened.read(max(CHUNK, len(self._text) - self._at))
        self._line += self._text.count("\n", 0, self._at)
        self._text, self._at, self._ended = self._text[self._at :] + piece, 0, not piece
        self._bar.at(self._opened.buffer.tell())
        return not self._ended

    def sign(self) -> str:
        """Return the next character that is no space, without passing it; none at the end."""
        while True:
            self._at = _SPACE.match(self._text, self._at).end()  # type: ignore[union-attr]
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def skip(self, *signs: str, why: str) -> str:
        """Pass one of some characters and return it; ``why`` is what is wrong with any other."""
        found = self.sign()
        if found not in signs:
            raise self.fault(why)
        self._at += 1
        return found

    def value(self, path: str) -> object:
        """Pass one value and return it; ``path`` leads to it."""
        self.sign()
        found, self._at = self._decoded()
        if self._has_no_number:
            for complaint in complaints(found, path):
                raise BadFile(f"{self._file}: {complaint}")
        return found

    def _decoded(self) -> tuple[object, int]:
        """Return the value that begins here and where it ends, having read as much as it takes."""
        while True:
            try:
                found, end = self._decode(self._text, self._at)
                if end < len(self._text) - _CUT or self._ended:
                    return found, end
            except json.JSONDecodeError as problem:
                if self._ended or self._is_certain(problem):
                    raise self.fault(problem.msg, problem.pos) from None
            except RecursionError:
                raise BadFile(f"{self._file}: is nested too deeply.") from None
            except ValueError as problem:
                raise BadFile(f"{self._file}: {problem}") from None
            self._more()

    def _is_certain(self, problem: json.JSONDecodeError) -> bool:
        """Whether something is wrong whatever follows."""
        is_open = problem.msg.startswith("Unterminated string")
        return not is_open and problem.pos < len(self._text) - _CUT

    def fault(self, why: str, at: int | None = None) -> BadFile:
        """Return the complaint about what stands here, or at another place of the text."""
        line = self._line + self._text.count("\n", 0, self._at if at is None else at)
        return BadFile(f"{self._file}: line {line} is not JSON ({why}).")


def _names(window: _Window) -> Iterator[str]:
    """Yield the names of an object's members; whoever takes one passes its value."""
    window.skip("{", why=_NAME_NEEDED)
    if window.sign() == "}":
        window.skip("}", why=_NAME_NEEDED)
        return
    sign = ","
    while sign == ",":
        if window.sign() != '"':
            raise window.fault(_NAME_NEEDED)
        name = str(window.value(""))
        window.skip(":", why="Expecting ':' delimiter")
        yield name
        sign = window.skip(",", "}", why="Expecting ',' delimiter")


def _member(window: _Window, name: str, *, is_long: bool) -> Iterator[Member]:
    if not (is_long and window.sign() == "["):
        yield name, None, window.value(name)
        return
    yield name, None, []
    window.skip("[", why="Expecting value")
    if window.sign() == "]":
        window.skip("]", why="Expecting value")
        return
    index, sign = 0, ","
    while sign == ",":
        yield name, index, window.value(f"{name}[{index}]")
        sign = window.skip(",", "]", why="Expecting ',' delimiter")
        index += 1
