"""Write what is new in a CRM export: accounts and products by their services, deals in bulk."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.accounts import queries as account_queries
from app.accounts.matching import Party
from app.accounts.rules import Details
from app.accounts.services import add_account
from app.catalogue import services as catalogue
from app.catalogue.models import Family, PriceList, Product
from app.catalogue.rules import ListFacts, ProductFacts, code_of, same_code
from app.db.numbering import next_references
from app.deals.rules import DealType
from app.kernel.ids import new_id
from app.pipeline.models import Opportunity, OpportunityLine, StageChange
from app.pipeline.rules import CATEGORY_OF, Stage
from app.revenue import queries
from app.revenue.models import Order, OrderLine
from app.revenue.rules import OrderState
from app.revenue.rules.crm import CURRENCY, CrmDeal, CrmStage, country_of
from app.revenue.services.crm.join import SOURCE, STAGES, Joined
from app.revenue.services.entities import EntityFacts, add_entity, entity_for

_BATCH = 2_000
_LONGEST_CODE = 40

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Vendor:
    """Who sells, where the portal does not know a company of the vendor yet."""

    name: str
    country: str = "US"


def write(session: Session, joined: Joined, vendor: Vendor, *, actor: Actor, at: datetime) -> None:
    """Write everything that is new."""
    if joined.products:
        _add_products(session, joined, actor=actor, at=at)
    _add_accounts(session, joined, actor=actor, at=at)
    if not queries.entities(session):
        facts = EntityFacts("MAIN", vendor.name[:120], vendor.country, CURRENCY)
        add_entity(session, facts, actor=actor, at=at)
    session.flush()
    _Deals(session, joined, at).write()


def _add_products(session: Session, joined: Joined, *, actor: Actor, at: datetime) -> None:
    """Add products under their series, and the price list that the export gives."""
    families = {family.code: family for family in session.scalars(select(Family))}
    prices = {}
    for product in joined.products:
        code = code_of(product.series, longest=20)
        if code not in families:
            families[code] = catalogue.add_family(
                session, code=code, name=product.series, actor=actor, at=at
            )
        facts = ProductFacts(
            code_of(product.name, longest=_LONGEST_CODE), product.name, families[code].id
        )
        added = catalogue.add_product(session, facts=facts, actor=actor, at=at)
        prices[added.id] = product.price_minor
    first = min((d.engaged_on for d in joined.export.deals if d.engaged_on), default=at.date())
    _publish(session, prices, first.replace(day=1), actor=actor, at=at)


def _publish(
    session: Session, prices: dict[UUID, int], on: date, *, actor: Actor, at: datetime
) -> None:
    """Publish the prices, unless there is a list of that day: a published list is not changed."""
    taken = select(PriceList.id).where(PriceList.currency == CURRENCY, PriceList.valid_from == on)
    if session.scalar(taken) is None:
        facts = ListFacts("List prices of the CRM", CURRENCY, on, prices)
        catalogue.publish_price_list(session, facts=facts, actor=actor, at=at)


def _add_accounts(session: Session, joined: Joined, *, actor: Actor, at: datetime) -> None:
    """Add accounts, parents first; a country that is no country's name is left out."""
    known = account_queries.from_source(session, SOURCE)
    for account in joined.accounts:
        details = Details(
            industry=account.sector, parent_id=known.get(account.parent), source=SOURCE,
            source_id=account.name,
        )  # fmt: skip
        party = Party(account.name, country_of(account.place))
        added = add_account(session, party, actor=actor, at=at, details=details)
        known[account.name] = added.id


class _Deals:
    """Writes opportunities with line and history, and orders with line, batch by batch."""

    def __init__(self, session: Session, joined: Joined, at: datetime) -> None:
        self.session, self.joined, self.at = session, joined, at
        products = session.execute(select(Product.code, Product.id, Product.family_id)).all()
        self.products = {same_code(code): (key, family) for code, key, family in products}
        self.accounts = account_queries.from_source(session, SOURCE)
        self.entity_id = entity_for(session, CURRENCY).id
        self.numbers = _numbers(session, "OP", joined.deals, lambda deal: self.opened(deal).year)
        won = [deal for deal in joined.deals if deal.stage is CrmStage.WON]
        self.order_numbers = _numbers(session, "SO", won, lambda deal: self.closed(deal).year)

    def opened(self, deal: CrmDeal) -> datetime:
        """Return when a deal was engaged, at midnight UTC; the export's last day stands in."""
        return _midnight(deal.engaged_on or self.joined.last_day)

    def closed(self, deal: CrmDeal) -> datetime:
        """Return when a deal was closed."""
        return _midnight(deal.closed_on or self.joined.last_day)

    def write(self) -> None:
        """Write all deals; five statements a batch."""
        for deals in _batches(self.joined.deals):
            keyed = [(new_id(), deal) for deal in deals]
            self._insert(Opportunity, [self._opportunity(key, deal) for key, deal in keyed])
            self._insert(OpportunityLine, [self._line(key, deal) for key, deal in keyed])
            changes = [row for key, deal in keyed for row in self._changes(key, deal)]
            self._insert(StageChange, changes)
            won = [(new_id(), key, deal) for key, deal in keyed if deal.stage is CrmStage.WON]
            self._insert(Order, [self._order(*one) for one in won])
            self._insert(OrderLine, [self._order_line(key, deal) for key, _, deal in won])

    def _insert(self, kind: Any, rows: Rows) -> None:
        if rows:
            self.session.execute(insert(kind.__table__), rows)

    def _opportunity(self, key: UUID, deal: CrmDeal) -> dict[str, Any]:
        stage, opened = STAGES[deal.stage], self.opened(deal)
        closed = self.closed(deal) if deal.closed_on else None
        customer = deal.account or "Customer not named"
        return {
            "id": key,
            "number": self.numbers[deal.source_id],
            "title": f"{deal.product} for {deal.account or 'a customer not named'}"[:255],
            "account_id": self.accounts.get(deal.account),
            "customer_name": customer,
            "family_id": self.products[same_code(deal.product)][1],
            "owner_name": deal.agent,
            "stage": stage,
            "category": CATEGORY_OF[stage],
            "currency": CURRENCY,
            "amount_minor": self.joined.amount_of(deal),
            "close_on": deal.closed_on,
            "opened_at": opened,
            "stage_since": closed or opened,
            "active_at": closed or opened,
            "closed_at": closed,
            "source": SOURCE,
            "source_id": deal.source_id,
            "version": 1,
        }

    def _line(self, key: UUID, deal: CrmDeal) -> dict[str, Any]:
        product_id = self.products[same_code(deal.product)][0]
        amount = self.joined.amount_of(deal)
        one = {"position": 1, "quantity": 1, "amount_minor": amount, "product_id": product_id}
        return {"id": new_id(), "opportunity_id": key, **one}

    def _changes(self, key: UUID, deal: CrmDeal) -> Iterator[dict[str, Any]]:
        """Yield the history that the export tells: when it was engaged, when it was closed."""
        first = Stage.PROSPECT if deal.stage is CrmStage.PROSPECTING else Stage.QUALIFIED
        common = {"opportunity_id": key, "currency": CURRENCY, "close_on": deal.closed_on}
        common["amount_minor"] = self.joined.amount_of(deal)
        yield {"id": new_id(), "from_stage": None, "to_stage": first, "at": self.opened(deal),
               **common}  # fmt: skip
        if deal.closed_on is not None:
            yield {"id": new_id(), "from_stage": first, "to_stage": STAGES[deal.stage],
                   "at": self.closed(deal), **common}  # fmt: skip

    def _order(self, key: UUID, opportunity_id: UUID, deal: CrmDeal) -> dict[str, Any]:
        return {
            "id": key,
            "number": self.order_numbers[deal.source_id],
            "state": OrderState.BOOKED,
            "opportunity_id": opportunity_id,
            "account_id": self.accounts.get(deal.account),
            "entity_id": self.entity_id,
            "deal_type": DealType.NEW_BUSINESS,
            "currency": CURRENCY,
            "total_minor": deal.value_minor,
            "booked_on": deal.closed_on,
            "source": SOURCE,
            "source_id": deal.source_id,
            "created_at": self.at,
            "version": 1,
        }

    def _order_line(self, key: UUID, deal: CrmDeal) -> dict[str, Any]:
        product_id = self.products[same_code(deal.product)][0]
        one = {"position": 1, "quantity": 1, "product_id": product_id}
        return {"id": new_id(), "order_id": key, "amount_minor": deal.value_minor, **one}


def _numbers(
    session: Session, series: str, deals: Iterable[CrmDeal], year: Callable[[CrmDeal], int]
) -> dict[str, str]:
    """Return a reference for each deal by its source id, drawn at once for each year."""
    by_year: dict[int, list[str]] = defaultdict(list)
    for deal in deals:
        by_year[year(deal)].append(deal.source_id)
    found: dict[str, str] = {}
    for one, ids in sorted(by_year.items()):
        drawn = next_references(session, series, one, len(ids))
        found.update(zip(ids, drawn, strict=True))
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _batches(deals: Sequence[CrmDeal]) -> Iterator[Sequence[CrmDeal]]:
    for start in range(0, len(deals), _BATCH):
        yield deals[start : start + _BATCH]
