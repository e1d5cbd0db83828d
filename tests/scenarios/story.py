"""One deal over a quarter, from registration to the statement, told chapter by chapter."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.rules import SYSTEM, Actor, Role
from app.attribution.rules import TouchKind
from app.attribution.services import credit_order, log_touch
from app.deals import services as deals
from app.deals.rules import LineContent
from app.kernel.ids import new_id
from app.kernel.money import Money
from app.partners.rules import BankAccount
from app.partners.services import set_payout_details
from app.pipeline import services as pipeline
from app.pipeline.rules import ParticipantRole, Stage, Terms
from app.revenue import services as revenue
from app.revenue.models import Invoice
from app.revenue.rules import Entry
from app.statements import services as statements
from app.statements.models import CommissionPeriod, Dispute, Statement, StatementLine
from tests.factories.catalogue import make_product
from tests.factories.deals import content
from tests.factories.identity import make_actor
from tests.factories.incentives import component, make_plan
from tests.factories.partners import make_partner, make_tier
from tests.factories.revenue import make_entity

WORTH = 9_600_000
"""The deal, in cents of a euro."""
JANUARY, FEBRUARY, MARCH = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
IBAN = "DE89370400440532013000"


def on(month: int, day: int, hour: int = 10) -> datetime:
    """Return a moment of 2026."""
    return datetime(2026, month, day, hour, tzinfo=UTC)


class Story:
    """Two partners, a manager, two of finance; the clock is given to each act."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.tier = make_tier(session, code="silver")
        self.manager = make_actor(session, Role.CHANNEL_MANAGER)
        self.first, self.second = (make_actor(session, Role.FINANCE) for _ in range(2))
        self.partner = make_partner(session, self.tier, manager_id=self.manager.user_id)
        self.helper = make_partner(session, self.tier)
        self.seller = make_actor(session, Role.PARTNER_ADMIN, self.partner)
        self.other = make_actor(session, Role.PARTNER_ADMIN, self.helper)
        self.product = make_product(session)
        make_entity(session)
        self._plans()
        for actor in (self.seller, self.other):
            assert actor.partner_id is not None
            set_payout_details(session, actor.partner_id, account=BankAccount("Holder", IBAN),
                               actor=actor, at=on(1, 2))  # fmt: skip
        self.months: dict[date, Any] = {}

    def _plans(self) -> None:
        brackets = [{"from": 0, "rate": "1%"}, {"from": 50_000, "rate": "2%"}]
        quarterly = {"mode": "marginal", "reset": "quarter", "brackets": brackets}
        helped = {"route": ["influenced"]}
        sourced = {"all": [{"route": ["sourced"]}, {"tier": ["silver"]}]}
        flat = {"mode": "flat", "rate": "8%"}
        make_plan(
            self.session,
            component(code="cash", basis="collected", applies_to=sourced, rates=flat),
            component(code="help", basis="collected", applies_to=helped,
                      rates={"mode": "flat", "rate": "2%"}),
            component(code="quarter", basis="booked", rates=quarterly),
        )  # fmt: skip

    def registered(self) -> "Story":
        """The partner registers on 5 January; the manager approves two days later."""
        self.deal_id, session = new_id(), self.session
        lines = (LineContent(self.product.id, 2, WORTH),)
        said = content(self.product, lines=lines, expected_close_on=date(2026, 2, 27))
        deals.save(session, self.deal_id, actor=self.seller, at=on(1, 5), content=said)
        deals.submit(session, self.deal_id, actor=self.seller, at=on(1, 5, 11))
        deals.take_up(session, self.deal_id, actor=self.manager, at=on(1, 7))
        deals.approve(session, self.deal_id, actor=self.manager, at=on(1, 7, 11))
        return self

    def won(self) -> "Story":
        """Another partner helps; the deal is won on 28 January, booked and credited a day later."""
        session, seller = self.session, self.manager
        made = pipeline.start_from_registration(session, self.deal_id, actor=seller, at=on(1, 9))
        self.sale_id = made.id
        self._helped()
        terms = Terms(made.title, Money(WORTH, "EUR"), made.close_on, date(2026, 2, 20),
                      "Sign", made.problem, made.family_id, made.owner_id)  # fmt: skip
        pipeline.edit(session, made.id, terms=terms, actor=seller, at=on(1, 20))
        pipeline.advance(session, made.id, stage=Stage.COMMITTED, actor=seller, at=on(1, 22))
        pipeline.close_won(session, made.id, actor=seller, at=on(1, 28))
        self.order = revenue.book(session, made.id, actor=self.first, at=on(1, 29))
        credit_order(session, self.order.id, actor=SYSTEM, at=on(1, 29))
        return self

    def _helped(self) -> None:
        part = pipeline.invite(self.session, self.sale_id, partner_id=self.helper.id, at=on(1, 10),
                               role=ParticipantRole.CO_SELL, actor=self.manager)  # fmt: skip
        pipeline.accept(self.session, self.sale_id, part.id, actor=self.other, at=on(1, 12))
        log_touch(self.session, self.sale_id, partner_id=self.helper.id, kind=TouchKind.DEMO,
                  at=on(1, 15), now_at=on(1, 15), evidence="Demo", actor=self.other)  # fmt: skip

    def collected(self) -> "Story":
        """The bill of 30 January is paid in two parts in February."""
        self.bill = revenue.issue_invoice(self.session, self.order.id, entry=_entry(WORTH, 1, 30),
                                          actor=self.first, at=on(1, 30))  # fmt: skip
        for minor, day in ((4_000_000, 10), (5_600_000, 25)):
            self._paid(self.bill, minor, day)
        return self

    def _paid(self, bill: Invoice, minor: int, day: int) -> None:
        entry = _entry(minor, 2, day)
        revenue.record_payment(self.session, bill.id, entry=entry, actor=self.first, at=on(2, day))

    def refunded(self) -> "Story":
        """An eighth comes back in March."""
        session, bill_id = self.session, self.bill.id
        entry = _entry(1_200_000, 3, 12)
        revenue.issue_credit_note(session, bill_id, entry=entry, actor=self.first, at=on(3, 12))
        revenue.record_refund(session, bill_id, entry=entry, actor=self.first, at=on(3, 12, 12))
        return self

    def settled(self, month: date, at: datetime) -> CommissionPeriod:
        """Open a month where that is due, calculate, review, approve, issue."""
        period = self.calculated(month, at)
        statements.send_to_review(self.session, period.id, actor=self.first, at=at)
        statements.approve(self.session, period.id, actor=self.second, at=at)
        return statements.issue_now(self.session, period.id, at=at)

    def calculated(self, month: date, at: datetime) -> CommissionPeriod:
        """Open a month where that is due, and calculate it."""
        period = self.opened(month, at)
        return statements.calculate_now(self.session, period.id, actor=self.first, at=at)

    def opened(self, month: date, at: datetime) -> CommissionPeriod:
        """Return a month, opened now if it was not."""
        if month not in self.months:
            made = statements.open_period(self.session, month, actor=self.first, at=at)
            self.months[month] = made
        found: CommissionPeriod = self.months[month]
        return found

    def statement(self, actor: Actor, month: date) -> Statement:
        """Return the statement of the actor's partner for a month."""
        return self.session.scalars(
            select(Statement).where(
                Statement.partner_id == actor.partner_id, Statement.period_start == month
            )
        ).one()

    def disputed(self, line: StatementLine, expected: int, at: datetime) -> Dispute:
        """Have the partner expect another amount on a line."""
        why = "The rate was higher."
        return statements.raise_dispute(
            self.session, line.id, reason=why, expected_minor=expected, actor=self.seller, at=at
        )

    def line(self, statement: Statement, minor: int) -> StatementLine:
        """Return the line of this amount."""
        rows = select(StatementLine).where(StatementLine.statement_id == statement.id)
        return self.session.scalars(rows.where(StatementLine.amount_minor == minor)).one()


def _entry(minor: int, month: int, day: int) -> Entry:
    return Entry(Money(minor, "EUR"), date(2026, month, day))
