"""The smallest pieces of markup: lists show hundreds on a page, each dearer as a macro of Jinja.

``templates/macros/{badge,clock,icon,money,page}.html`` give them to templates.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import Enum
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

from app.kernel import format as texts
from app.kernel.money import Money
from app.web import filters
from config import ROOT

_ICONS = ROOT / "templates" / "icons"
_NONE = Markup('<span class="quiet">–</span>')
_WORDS = {
    "muted": """draft closed expired lapsed withdrawn archived cancelled superseded retired ended
        void inactive skipped merged discarded prospect direct omitted""",
    "info": """submitted in_review under_review open new running queued calculated issued invited
        in_progress scheduled appealed applied sent received commit committed published booked
        assigned qualified technical_validation business_validation previewed exported assisted""",
    "good": """approved accepted active won launched closed_won paid settled passed done complete
        completed protected verified converted healthy free certified recognised confirmed
        delivered signed reconciled registered succeeded granted live sourced taken renewed""",
    "warn": """returned action_required pending waiting contested disputed on_hold held due due_soon
        at_risk partial partly_paid partially_paid awaiting_approval awaiting_evidence paused
        escalated conflict expiring probation retrying demo onboarding requested incomplete""",
    "bad": """rejected declined lost closed_lost overdue failed suspended terminated reversed
        blocked dead revoked refused bounced broken breached clawed_back written_off locked poor
        critical refunded""",
}
TONES = {word: tone for tone, words in _WORDS.items() for word in words.split()}
"""The tone of a badge, by the state that stands on it."""


@lru_cache(maxsize=4096, typed=True)  # typed: what is escaped equals what is not
def badge(state: Enum | str | None, tone: str = "", text: str = "") -> Markup:
    """Return a state as a word in a quiet badge; the tone follows the word."""
    key = str(state.value if isinstance(state, Enum) else state).lower().replace(" ", "_")
    shown = escape(text or filters.label(state))
    return _markup(f'<span class="badge {tone or TONES.get(key, "")}">{shown}</span>')


@lru_cache(maxsize=1024, typed=True)
def icon(name: str, label: str = "") -> Markup:
    """Return an icon by its file name in ``templates/icons``; decorative unless labelled."""
    drawing = (_ICONS / f"{name}.svg").read_text("utf-8").strip()
    named = f'<span class="hidden-label">{escape(label)}</span>' if label else ""
    return _markup(drawing + named)


def money(value: Money | None) -> Markup:
    """Return an amount: the code, then the figure; a minus has its own colour."""
    return _NONE if value is None else _money(value, filters.reader().locale)


def minor(value: int | None, currency: str) -> Markup:
    """Return an amount given as minor units and a code."""
    return _NONE if value is None else _money(Money(value, currency), filters.reader().locale)


def figure(value: int | None, currency: str) -> Markup:
    """Return an amount without its code, for tables that name the currency beside it."""
    if value is None:
        return _NONE
    tone = " minus" if value < 0 else ""
    return _markup(f'<span class="money{tone}">{escape(filters.amount(value, currency))}</span>')


@lru_cache(maxsize=4096)
def _money(value: Money, locale: str) -> Markup:
    tone = " minus" if value.minor < 0 else ""
    return _markup(f'<span class="money{tone}">{escape(texts.money(value, locale))}</span>')


def moment(value: datetime | None) -> Markup:
    """Return a moment in the reader's zone."""
    if value is None:
        return _NONE
    return _time(value.isoformat(timespec="seconds"), filters.moment(value))


def day(value: date | None) -> Markup:
    """Return a calendar day."""
    return _NONE if value is None else _time(value.isoformat(), filters.day(value))


def _time(written: str, shown: str) -> Markup:
    return _markup(f'<time datetime="{written}">{escape(shown)}</time>')


def facts(pairs: Iterable[Sequence[Any]], wide: bool = False) -> Markup:
    """Return ``pairs`` of label and value, and maybe where the value leads, as a list of terms.

    A fact without a value is left out.
    """
    written = []
    for label, value, *leads in pairs:
        if value is None or value == "":
            continue
        shown = str(escape(value))
        if leads and leads[0]:
            shown = f'<a href="{escape(leads[0])}">{shown}</a>'
        written.append(f"<div><dt>{escape(label)}</dt><dd>{shown}</dd></div>")
    return _markup(f'<dl class="facts{" wide" if wide else ""}">{"".join(written)}</dl>')


def _markup(written: str) -> Markup:
    return Markup(written)  # noqa: S704 - whatever others chose is escaped above
