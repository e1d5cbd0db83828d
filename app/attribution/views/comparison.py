"""What each model would have given each partner over history, beside what the policy gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from sqlalchemy.orm import Session

from app.attribution import engine, queries
from app.partners import queries as partners

MODELS = (
    engine.Model.FIRST,
    engine.Model.LAST,
    engine.Model.LINEAR,
    engine.Model.POSITION,
    engine.Model.TIME_DECAY,
)
STANDARD = "standard"
INFLUENCED = "influenced"
Key = tuple[str, str, str | None]
"""A class, a currency, and a partner, None for the vendor's own part."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One partner (None: the vendor's own part) in one currency: minor units under each model."""

    partner_id: UUID | None
    name: str
    currency: str
    standard: int
    by_model: tuple[tuple[str, int], ...]


def compared(session: Session, policy: engine.Policy) -> list[Compared]:
    """Return influenced amounts by partner and currency under each model, the largest first."""
    standard = policy.classes.get(INFLUENCED, engine.Rule(model=engine.Model.LINEAR))
    history = queries.history(session)
    sums = dict(_sums(history))
    is_plain = standard == engine.Rule(model=standard.model) and standard.model in MODELS
    sums[STANDARD] = (
        sums[standard.model] if is_plain else _credited(queries.journeys(history), standard)
    )
    names = {str(key): name for key, name in partners.names(session).items()}
    rows = [_row(key, sums, names) for key in sums[STANDARD].keys() | _others(sums)]
    return sorted(rows, key=_place)


def _others(sums: Mapping[str, Mapping[Key, int]]) -> set[Key]:
    return {key for found in sums.values() for key in found}


def _place(row: Compared) -> tuple[str, bool, int, str]:
    return row.currency, row.partner_id is None, -row.standard, row.name


@lru_cache(maxsize=4)
def _sums(history: queries.History) -> Mapping[str, Mapping[Key, int]]:
    """Credit all of history under each model; kept while nothing is added to history."""
    known = queries.journeys(history)
    return {model.value: _credited(known, engine.Rule(model=model)) for model in MODELS}


def _credited(known: Sequence[engine.Journey], rule: engine.Rule) -> Mapping[Key, int]:
    return engine.totals(known, engine.Policy("", "", {INFLUENCED: rule}))


def _row(key: Key, sums: Mapping[str, Mapping[Key, int]], names: dict[str, str]) -> Compared:
    _, currency, partner_id = key
    return Compared(
        None if partner_id is None else UUID(partner_id),
        "Nobody: our own" if partner_id is None else names.get(partner_id, ""),
        currency,
        sums[STANDARD].get(key, 0),
        tuple((model.value, sums[model.value].get(key, 0)) for model in MODELS),
    )
