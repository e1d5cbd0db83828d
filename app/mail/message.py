"""A letter from a template: subject, text, and the same paragraphs as HTML."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from app.kernel import format as texts
from app.kernel.errors import Broken, Invalid

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
LONGEST_SUBJECT = 250
LONGEST_ADDRESS = 254
_PLACE = re.compile(r"[^@\s\x00-\x1f\x7f<>(),;:\\\"\[\]]+@[A-Za-z0-9.-]+\.?[A-Za-z0-9-]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]")
_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")


class AddressRefused(Invalid):
    """Mail cannot be sent to what is no address, or to more than one."""

    code = "mail.address_refused"


class HeaderRefused(Invalid):
    """A subject is one line; more would be read as further headers."""

    code = "mail.header_refused"


@dataclass(frozen=True, slots=True)
class Letter:
    """What will be sent: a subject, and the body in two forms."""

    subject: str
    text: str
    html: str


def address(value: str) -> str:
    """Return ``value`` if it is exactly one plain mail address.

    :raises AddressRefused: otherwise
    """
    if len(value) > LONGEST_ADDRESS or not value.isascii() or not _PLACE.fullmatch(value):
        raise AddressRefused("This is not a mail address.")
    return value


def letter(template: str, *, sender: str, base_url: str, **context: Any) -> Letter:
    """Write the letter ``template`` (``deals/mail/approved``: templates/deals/mail/approved.txt).

    Its first line says ``Subject: ...``; paragraphs are parted by empty lines; ``link(path)``
    makes an address. A name the template uses and the context lacks is an error.

    :raises HeaderRefused: if the subject would be empty, too long, or more than one line
    """
    head, body = _parts(template)
    given = {"link": lambda path: _link(base_url, path), "vendor_name": sender, **context}
    environment = _environment()
    subject = environment.from_string(head).render(given).strip()
    if not subject or len(subject) > LONGEST_SUBJECT or _CONTROL.search(subject):
        raise HeaderRefused("The subject of this letter cannot be sent.")
    text = environment.from_string(body).render(given).strip() + "\n"
    return Letter(subject, text, _html(subject, text, sender))


def _link(base_url: str, path: str) -> str:
    if not path.startswith("/") or path.startswith("//"):
        raise Broken(f"a link in a letter is a path of ours, not {path!r}")
    return base_url + path


def _parts(template: str) -> tuple[str, str]:
    environment = _environment()
    if environment.loader is None:
        raise Broken("there is nowhere to look for letters")
    source, _, _ = environment.loader.get_source(environment, f"{template}.txt")
    head, _, body = source.partition("\n")
    if not head.startswith("Subject: "):
        raise Broken(f"{template}.txt does not begin with its subject")
    return head.removeprefix("Subject: "), body


@lru_cache(maxsize=1)
def _environment() -> Environment:
    """Templates for mail: text is text, HTML is escaped."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=select_autoescape(default_for_string=False),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    for name in ("money", "amount", "number", "percent", "day", "moment", "month", "label"):
        environment.filters[name] = getattr(texts, name)
    return environment


def _html(subject: str, text: str, sender: str) -> str:
    paragraphs = [
        [_pieces(line) for line in block.splitlines()]
        for block in re.split(r"\n\s*\n", text.strip())
    ]
    page = _environment().get_template("mail/letter.html")
    return page.render(subject=subject, paragraphs=paragraphs, vendor={"name": sender})


def _pieces(line: str) -> list[tuple[str, bool]]:
    """Return ``line`` cut into text and addresses: (piece, is an address)."""
    pieces: list[tuple[str, bool]] = []
    end = 0
    for found in _LINK.finditer(line):
        pieces += [(line[end : found.start()], False), (found.group(), True)]
        end = found.end()
    return [piece for piece in [*pieces, (line[end:], False)] if piece[0]]
