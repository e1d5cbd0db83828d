"""Hold the files of a CRM export against each other and against what is stored."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.catalogue.models import Product
from app.catalogue.rules import same_code
from app.kernel.money import Money
from app.pipeline.models import Opportunity
from app.pipeline.rules import Stage
from app.revenue.rules.crm import (
    ACCOUNTS,
    CURRENCY,
    PIPELINE,
    PRODUCTS,
    CrmAccount,
    CrmDeal,
    CrmProduct,
    CrmStage,
    Export,
    country_of,
)

SOURCE = "crm-maven"
STAGES = {
    CrmStage.PROSPECTING: Stage.PROSPECT,
    CrmStage.ENGAGING: Stage.QUALIFIED,
    CrmStage.WON: Stage.LAUNCHED,
    CrmStage.LOST: Stage.CLOSED_LOST,
}


@dataclass(slots=True)
class Joined:
    """What is new in an export: in an order in which it can be written."""

    export: Export
    last_day: date
    accounts: list[CrmAccount] = field(default_factory=list)
    products: list[CrmProduct] = field(default_factory=list)
    deals: list[CrmDeal] = field(default_factory=list)
    catalogue: dict[str, CrmProduct] = field(default_factory=dict)
    unchanged: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def amount_of(self, deal: CrmDeal) -> int:
        """Return what a deal is worth: what was won, else the list price of its product."""
        if deal.value_minor is not None:
            return deal.value_minor
        return self.catalogue[same_code(deal.product)].price_minor


def join(session: Session, export: Export) -> Joined:
    """Return what of an export is new; rows that refer to nothing are reported and left out."""
    days = [day for deal in export.deals for day in (deal.engaged_on, deal.closed_on) if day]
    joined = Joined(export, max(days, default=date(2000, 1, 1)), notes=list(export.notes))
    _join_products(session, joined)
    _join_accounts(session, joined)
    _join_deals(session, joined)
    return joined


def _join_products(session: Session, joined: Joined) -> None:
    """Find products by the letters and digits of their names: one product in two spellings."""
    stored = {same_code(code) for code in session.scalars(select(Product.code))}
    for product in joined.export.products:
        key = same_code(product.name)
        if key in joined.catalogue:
            sentence = f"This is the same product as on line {joined.catalogue[key].line}."
            joined.export.complain(PRODUCTS, product.line, "product", product.name, sentence)
            continue
        joined.catalogue[key] = product
        if key in stored:
            joined.unchanged["products"] += 1
        else:
            joined.products.append(product)


def _join_accounts(session: Session, joined: Joined) -> None:
    """Put parents before their subsidiaries."""
    stored = accounts.from_source(session, SOURCE)
    left: dict[str, CrmAccount] = {}
    for account in joined.export.accounts:
        if account.name in left:
            sentence = f"Line {left[account.name].line} has the same account."
            joined.export.complain(ACCOUNTS, account.line, "account", account.name, sentence)
        else:
            left[account.name] = account
        if account.place and country_of(account.place) is None:
            note = f"{ACCOUNTS}, line {account.line}: “{account.place}” names no country; left out."
            joined.notes.append(note)
    known = set(stored)
    joined.unchanged["accounts"] = len(known & left.keys())
    while ready := [a for a in left.values() if not a.parent or a.parent in known]:
        joined.accounts += [account for account in ready if account.name not in stored]
        known |= {account.name for account in ready}
        left = {name: account for name, account in left.items() if name not in known}
    for account in left.values():
        sentence = "There is no such parent company."
        joined.export.complain(ACCOUNTS, account.line, "subsidiary_of", account.parent, sentence)


def _join_deals(session: Session, joined: Joined) -> None:
    stored = _stored_deals(session)
    known = set(accounts.from_source(session, SOURCE))
    known |= {account.name for account in joined.accounts}
    lines: dict[str, int] = {}
    counts: Counter[str] = Counter()
    for deal in joined.export.deals:
        wrong = _wrong(deal, joined, known, lines.setdefault(deal.source_id, deal.line))
        if wrong is not None:
            joined.export.complain(PIPELINE, deal.line, *wrong)
            continue
        _count_oddities(deal, joined, counts)
        before = stored.get(deal.source_id)
        if before is None:
            joined.deals.append(deal)
            continue
        same = before == (STAGES[deal.stage], joined.amount_of(deal), deal.closed_on)
        joined.unchanged["opportunities" if same else "changed"] += 1
    _say(joined, counts)


def _wrong(
    deal: CrmDeal, joined: Joined, known: set[str], first: int
) -> tuple[str, str, str] | None:
    """Return the field at fault, what stands there, and a sentence; None where all is well."""
    if first != deal.line:
        return "opportunity_id", deal.source_id, f"Line {first} has the same identifier."
    if same_code(deal.product) not in joined.catalogue:
        return "product", deal.product, "There is no such product."
    if deal.account and deal.account not in known:
        return "account", deal.account, "There is no such account."
    if deal.agent not in joined.export.agents:
        return "sales_agent", deal.agent, "There is no such sales agent."
    return None


def _count_oddities(deal: CrmDeal, joined: Joined, counts: Counter[str]) -> None:
    listed = joined.catalogue[same_code(deal.product)].name
    if deal.product != listed:
        counts[f"“{deal.product}” was taken for “{listed}”"] += 1
    if not deal.account:
        counts["an open deal names no account"] += 1
    if deal.stage is CrmStage.PROSPECTING and deal.engaged_on is None:
        counts[f"a prospect has no date; {joined.last_day.isoformat()} stands in for it"] += 1
    if deal.value_minor is None:
        counts["a deal that is not won has no value; its product’s list price stands in"] += 1


def _say(joined: Joined, counts: Counter[str]) -> None:
    joined.notes += [f"{PIPELINE}, {count} rows: {what}." for what, count in counts.items()]
    if joined.unchanged["changed"]:
        count = joined.unchanged["changed"]
        joined.notes.append(f"{PIPELINE}, {count} rows: imported before and different now; kept.")


def _stored_deals(session: Session) -> dict[str, tuple[Any, ...]]:
    rows = session.execute(
        select(
            Opportunity.source_id, Opportunity.stage, Opportunity.amount_minor, Opportunity.close_on
        ).where(Opportunity.source == SOURCE)
    )
    return {row.source_id: tuple(row[1:]) for row in rows}


def won_total(joined: Joined) -> Money:
    """Return what the export says was won: of rows that are new or there already."""
    minor = sum(deal.value_minor or 0 for deal in joined.export.deals if deal.stage is CrmStage.WON)
    return Money(minor, CURRENCY)
