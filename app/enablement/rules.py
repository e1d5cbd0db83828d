"""What the library holds, who may read it, and when a certificate holds."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from uuid import UUID

from app.kernel.errors import FieldError, Invalid

LONGEST_BODY = 60_000
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_TAGS = "h2 h3 h4 h5 h6 p ul ol li strong em code pre blockquote a br hr table thead tbody tr th td"
_KEPT_SLUGS = frozenset({"items", "new"})  # addresses of our own
_DEEPEST_HEADING = 6
_ATTRIBUTES = {"a": {"href", "title"}}


class ItemKind(StrEnum):
    """A page to read or a file to download."""

    PAGE = "page"
    FILE = "file"


class CertificateState(StrEnum):
    """Whether a certificate holds."""

    LIVE = "live"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Content:
    """What an item of the library says, and from which tier on it may be read."""

    slug: str
    title: str
    kind: ItemKind
    summary: str = ""
    body: str = ""
    programme_id: UUID | None = None
    tier_id: UUID | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Award:
    """What somebody has shown to know, from one day until, not including, another."""

    partner_id: UUID
    subject: str
    holder: str
    awarded_on: date
    valid_until: date
    user_id: UUID | None = None


def is_live(awarded_on: date, valid_until: date, on: date) -> bool:
    """Return whether a certificate holds on ``on``: from its award to before its end."""
    return awarded_on <= on < valid_until


RENEWAL_DAYS = 30
"""A certification that is awarded again within so many days after its end did not lapse."""


@dataclass(frozen=True, slots=True)
class Held:
    """The days of one certificate, half-open, and when it came to be known."""

    number: str
    awarded_on: date
    valid_until: date
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Lapse:
    """The first day on which nobody held a certification any more, and since when that is known.

    ``number`` is that of the certificate with which the unbroken holding began.
    """

    number: str
    on: date
    known_at: datetime


def lapses(certificates: Iterable[Held], by: datetime) -> list[Lapse]:
    """Return when a partner lost one certification, up to a moment: what its people hold counts.

    It is held while anybody holds it, and lapses on the day on which the last certificate ends,
    unless one begins within ``RENEWAL_DAYS``. What was recorded after ``by`` is not known.
    """
    known = [each for each in certificates if each.recorded_at <= by]
    found: list[Lapse] = []
    chain: list[Held] = []
    for each in sorted(known, key=lambda one: (one.awarded_on, one.number)):
        if chain and each.awarded_on > _end(chain) + timedelta(days=RENEWAL_DAYS):
            found.append(_lapse(chain))
            chain = []
        chain.append(each)
    return [one for one in (*found, *map(_lapse, filter(None, [chain]))) if one.on <= by.date()]


def _end(chain: Iterable[Held]) -> date:
    return max(each.valid_until for each in chain)


def _lapse(chain: list[Held]) -> Lapse:
    on = _end(chain)
    midnight = datetime.combine(on, time.min, UTC)
    first_known = min(each.recorded_at for each in chain if each.valid_until == on)
    return Lapse(chain[0].number, on, max(midnight, first_known))


def reaches(held_rank: int, asked_rank: int | None) -> bool:
    """Return whether a tier of ``held_rank`` may read an item that asks for ``asked_rank``."""
    return asked_rank is None or held_rank >= asked_rank


def checked_content(content: Content) -> Content:
    """Return ``content`` if it can be kept.

    :raises Invalid: with every field at fault
    """
    wrong = []
    if not _SLUG.fullmatch(content.slug) or content.slug in _KEPT_SLUGS:
        said = "Use small letters, digits and single hyphens, such as “getting-started”."
        wrong.append(FieldError("slug", said, "enablement.slug"))
    if not content.title.strip():
        wrong.append(FieldError("title", "Give the item a title.", "enablement.title"))
    if len(content.body) > LONGEST_BODY:
        said = f"At most {LONGEST_BODY} characters."
        wrong.append(FieldError("body", said, "enablement.body"))
    if wrong:
        raise Invalid.fields(*wrong)
    return content


def checked_award(award: Award) -> Award:
    """Return ``award`` if it can be kept.

    :raises Invalid: with every field at fault
    """
    wrong = []
    if not award.subject.strip():
        wrong.append(FieldError("subject", "Say what was shown.", "enablement.subject"))
    if not award.holder.strip():
        wrong.append(FieldError("user_id", "Choose a person.", "enablement.holder"))
    if award.valid_until <= award.awarded_on:
        said = "A certificate ends on a day after its award."
        wrong.append(FieldError("valid_until", said, "enablement.valid_until"))
    if wrong:
        raise Invalid.fields(*wrong)
    return award


def slug_of(title: str) -> str:
    """Return the part of an address that a title suggests."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:80].strip("-")


def html_of(markdown: str) -> str:
    """Return ``markdown`` as HTML that is safe to show: no raw HTML, scripts, pictures or styles.

    Headings begin at the second level, since the page has its own first, and leave none out. Links
    lead to http, https and mail addresses only, or stay on this host.
    """
    import nh3  # loaded by those who read pages, not by everybody who starts

    return nh3.clean(
        _renderer()(markdown),
        tags=set(_TAGS.split()),
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )


@lru_cache(maxsize=1)
def _renderer() -> Callable[[str], str]:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")

    def render(markdown: str) -> str:
        tokens = parser.parse(markdown)
        outline: list[int] = []
        for token in tokens:
            if token.type in {"heading_open", "heading_close"}:
                token.tag = f"h{_level(outline, int(token.tag[1:]))}"
        return str(parser.renderer.render(tokens, parser.options, {}))

    return render


def _level(outline: list[int], written: int) -> int:
    """Return the level at which a heading is shown: below the page's own, and none left out.

    ``outline`` holds the written levels that the heading stands under, and is kept up to date.
    """
    while outline and outline[-1] >= written:
        outline.pop()
    outline.append(written)
    return min(_DEEPEST_HEADING, len(outline) + 1)
