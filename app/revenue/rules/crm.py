"""The files of a CRM export: accounts, products, sales teams and the pipeline, row by row."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

from babel import Locale

from app.kernel.errors import Invalid
from app.kernel.money import Money
from app.revenue.rules.reading import PLAIN, Column, FileRefused, Problem, Reader, read_table
from app.revenue.rules.reading.report import shown

T = TypeVar("T")
CURRENCY = "USD"
ACCOUNTS, PRODUCTS, TEAMS, PIPELINE = (
    "accounts.csv", "products.csv", "sales_teams.csv", "sales_pipeline.csv",
)  # fmt: skip
FILES = (ACCOUNTS, PRODUCTS, TEAMS, PIPELINE)
_COLUMNS = {
    ACCOUNTS: (
        Column("account"), Column("sector", required=False),
        Column("office_location", required=False), Column("subsidiary_of", required=False),
    ),
    PRODUCTS: (Column("product"), Column("series"), Column("sales_price")),
    TEAMS: (Column("sales_agent"), Column("manager"), Column("regional_office")),
    PIPELINE: (
        Column("opportunity_id"), Column("sales_agent"), Column("product"), Column("account"),
        Column("deal_stage"), Column("engage_date"), Column("close_date"), Column("close_value"),
    ),
}  # fmt: skip


class CrmStage(StrEnum):
    """Where a deal stands in the CRM."""

    PROSPECTING = "prospecting"
    ENGAGING = "engaging"
    WON = "won"
    LOST = "lost"


CLOSED = (CrmStage.WON, CrmStage.LOST)


@dataclass(frozen=True, slots=True)
class CrmAccount:
    """A customer; the sector is kept as it is given."""

    line: int
    name: str
    sector: str
    place: str
    parent: str


@dataclass(frozen=True, slots=True)
class CrmProduct:
    """A product with its list price in minor units."""

    line: int
    name: str
    series: str
    price_minor: int


@dataclass(frozen=True, slots=True)
class CrmDeal:
    """A deal; ``value_minor`` is what was won, None where nothing was."""

    line: int
    source_id: str
    agent: str
    product: str
    account: str
    stage: CrmStage
    engaged_on: date | None
    closed_on: date | None
    value_minor: int | None


@dataclass(slots=True)
class Export:
    """Everything that could be read, and everything that could not."""

    accounts: list[CrmAccount] = field(default_factory=list)
    products: list[CrmProduct] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    deals: list[CrmDeal] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def complain(self, file: str, line: int, name: str, value: str, sentence: str) -> None:
        """Report a row of one of the files."""
        self.problems.append(Problem(line, name, shown(value), sentence, file))


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    named = Locale.parse("en").territories.items()
    plain = {name.casefold(): code for code, name in named if re.fullmatch("[A-Z]{2}", code)}
    return {**plain, "korea": "KR"}


def country_of(place: str) -> str | None:
    """Return the code of the country that ``place`` names; None where it is no country's name."""
    return _countries().get(place.casefold())


def read_export(files: Mapping[str, bytes]) -> Export:
    """Return what the four files hold.

    :raises FileRefused: if one is missing or cannot be read as its table
    """
    export = Export()
    export.accounts = _rows(export, files, ACCOUNTS, _account)
    export.products = _rows(export, files, PRODUCTS, _product)
    export.agents = set(_rows(export, files, TEAMS, _agent))
    export.deals = _rows(export, files, PIPELINE, _deal)
    return export


def _rows(
    export: Export, files: Mapping[str, bytes], name: str, parse: Callable[[Reader], T | None]
) -> list[T]:
    if name not in files:
        raise FileRefused(f"{name} is missing.")
    try:
        table = read_table(files[name], _COLUMNS[name])
    except FileRefused as refusal:
        raise FileRefused(f"{name}: {refusal.sentence}") from None
    export.notes += [f"{name}: {note}" for note in table.notes if "not used" not in note]
    problems, found = list(table.problems), []
    for row in table.rows:
        reader = Reader(row, PLAIN)
        one = parse(reader)
        problems += reader.problems
        if one is not None and not reader.problems:
            found.append(one)
    export.rows[name] = len(table.rows) + len(table.problems)
    for p in problems:
        export.complain(name, p.line, p.field, p.value, p.sentence)
    return found


def _account(reader: Reader) -> CrmAccount:
    return CrmAccount(
        reader.row.line,
        reader.text("account", longest=120),
        reader.text("sector", longest=80, required=False),
        reader.text("office_location", longest=80, required=False),
        reader.text("subsidiary_of", longest=120, required=False),
    )


def _product(reader: Reader) -> CrmProduct | None:
    name, series = reader.text("product", longest=120), reader.text("series", longest=20)
    price = _dollars(reader, "sales_price")
    return None if price is None else CrmProduct(reader.row.line, name, series, price)


def _agent(reader: Reader) -> str:
    return reader.text("sales_agent", longest=120)


def _deal(reader: Reader) -> CrmDeal | None:
    stage = reader.choice("deal_stage", {stage.value: stage for stage in CrmStage})
    is_closed = stage in CLOSED
    engaged_on = reader.day("engage_date", required=stage is CrmStage.ENGAGING or is_closed)
    closed_on = reader.day("close_date", required=is_closed)
    if engaged_on and closed_on and closed_on < engaged_on:
        reader.complain("close_date", f"The deal began later, on {engaged_on.isoformat()}.")
    deal = CrmDeal(
        reader.row.line,
        reader.text("opportunity_id", longest=120),
        reader.text("sales_agent", longest=120),
        reader.text("product", longest=120),
        reader.text("account", longest=120, required=is_closed),
        stage or CrmStage.PROSPECTING,
        engaged_on,
        closed_on if is_closed else None,
        _dollars(reader, "close_value") if stage is CrmStage.WON else None,
    )
    return deal if stage is not None else None


def _dollars(reader: Reader, name: str) -> int | None:
    """Return an amount of zero or above in minor units; the export gives no currency."""
    text = reader.row.get(name).replace(",", "")
    try:
        found = Money.of(text, CURRENCY)
    except Invalid:
        reader.complain(name, f"This is not an amount in {CURRENCY}.")
        return None
    if found.minor < 0:
        reader.complain(name, "An amount lies below zero.")
        return None
    return found.minor
