"""A small world: four companies that deal with us, and of every kind of thing one for each.

The reader's company and its sibling have the same parent; the foreign one has nothing to do with
either. Whatever belongs to the last two carries ``CANARY`` in its texts.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.rules import SYSTEM, VENDOR_ROLES, Role
from app.attribution.services import publish_policy, standard_policy
from app.deals import services as deals
from app.deals.rules import DealState
from app.identity.models import Invitation, PasswordReset, SignedInSession, User
from app.identity.rules import token_hash
from app.identity.services import open_session, set_password
from app.incentives.models import Plan
from app.jobs.services import enqueue
from app.kernel.clock import now
from app.ledger.models import LedgerEntry
from app.ledger.services import seal
from app.mail.services import post
from app.partners.models import Partner
from app.partners.rules import BankAccount
from app.partners.services import set_payout_details
from app.pipeline.rules import ParticipantState, Stage
from app.revenue.rules.imports import ImportKind
from app.revenue.services.imports import Upload, bring
from app.statements import queries as statement_queries
from app.statements import services as statements
from app.statements.models import PayoutExport, Statement, StatementLine
from tests.factories.attribution import credited, make_touch, make_won
from tests.factories.catalogue import make_price, make_product
from tests.factories.clockwork import NOON
from tests.factories.deals import Scene, content, make_deal
from tests.factories.enablement import make_certificate, make_item
from tests.factories.files import PDF
from tests.factories.identity import actor_of, make_user
from tests.factories.incentives import make_draft
from tests.factories.partners import make_partner, make_programme, make_tier
from tests.factories.pipeline import make_opportunity, make_participant
from tests.factories.revenue import make_invoice, make_payment
from tests.factories.statements import (
    IBAN,
    calculator_and_approver,
    issue,
    make_accrual,
    make_period,
    the_plan,
)
from tests.house.sides import CANARY, Ids, Side, World

PASSWORD = "a horse of nine colours"


def build(session: Session) -> World:
    """Make the world, in system scope."""
    tier = make_tier(session, make_programme(session), name="Silver")
    elsewhere = make_tier(session, make_programme(session), name="Copper")
    parent = make_partner(session, tier, name="Elternhaus Holding")
    staff = {role: make_user(session, role, name=f"Our {role.value}") for role in VENDOR_ROLES}
    sides = [
        _side(session, staff, "Nearby", make_partner(session, tier, **_named("Nearby", parent))),
        _side(session, staff, CANARY, make_partner(session, elsewhere, **_named(CANARY, parent))),
        _side(session, staff, CANARY, make_partner(session, elsewhere, **_named(CANARY))),
    ]
    period_id = _earn(session, sides)
    own = sides[0]
    staff |= {Role.PARTNER_ADMIN: own.admin, Role.PARTNER_MEMBER: own.member}
    shared = _shared(session, own) | {"period_id": period_id}
    world = World(own, sides[1], sides[2], staff, shared)
    seal(session, at=now(), window=None)
    for side in sides:
        mine = select(LedgerEntry.id).where(LedgerEntry.partner_id == side.partner.id)
        side.ids["number"] = str(session.scalars(mine.limit(1)).one())
        open_session(session, side.member, at=now(), address="127.0.0.1", agent=side.word)
        theirs = select(SignedInSession.id).where(SignedInSession.user_id == side.member.id)
        side.ids["session_id"] = str(session.scalars(theirs).one())
    return world


def _named(word: str, parent: Partner | None = None) -> dict[str, Any]:
    values = {"legal_name": f"{word} Legal Ltd", "city": f"{word}town"}
    return {"name": f"{word} Systems", "parent_id": parent.id if parent else None, **values}


def _side(session: Session, staff: dict[Role, User], word: str, partner: Partner) -> Side:
    admin, member = (
        make_user(session, role, partner_id=partner.id, name=f"{word} {role.value}")
        for role in (Role.PARTNER_ADMIN, Role.PARTNER_MEMBER)
    )
    set_password(session, admin, PASSWORD, at=NOON)
    side = Side(word, partner, admin, member, {"partner_id": str(partner.id)})
    account = BankAccount(partner.legal_name, IBAN, "COBADEFFXXX")
    set_payout_details(session, partner.id, account=account, actor=SYSTEM, at=NOON)
    _register(session, side, Scene(actor_of(member), actor_of(staff[Role.CHANNEL_MANAGER]),
                                   make_product(session), partner.id))  # fmt: skip
    _sell(session, side)
    _people(session, side)
    _learn(session, side)
    return side


def _register(session: Session, side: Side, scene: Scene) -> None:
    said = {
        "title": f"{side.word} deal",
        "customer_city": f"{side.word}burg",
        "problem": f"{side.word} has a problem with routing",
        "contact_name": f"{side.word} Contact",
    }
    for state in DealState:
        made = content(scene.product, **said)
        made = replace(made, customer_name=f"{side.word} {made.customer_name}")
        deal = make_deal(session, state, scene=scene, at=now() - timedelta(days=2), said=made)
        side.variants.append({"deal_id": str(deal.id), "registration_id": str(deal.id)})
        if state is DealState.DRAFT:
            file = deals.attach(session, deal.id, actor=scene.member, at=NOON,
                                name=f"{side.word}.pdf", content=PDF)  # fmt: skip
            side.ids |= {**side.variants.pop(), "file_id": str(file.id)}
        if state is DealState.APPROVED:
            deals.ask_extension(session, deal.id, why=f"{side.word} time", actor=scene.member,
                                at=now() - timedelta(days=1))  # fmt: skip


def _sell(session: Session, side: Side) -> None:
    for state in (ParticipantState.ACCEPTED, ParticipantState.INVITED):
        title, customer = f"{side.word} routing", f"{side.word} Kunde AG"
        sale = make_opportunity(session, title=title, customer_name=customer, lines=[50_000],
                                problem=f"{side.word} plans", stage=Stage.QUALIFIED)  # fmt: skip
        part = make_participant(session, sale, partner_id=side.partner.id, state=state)
        side.variants.append({"opportunity_id": str(sale.id), "participant_id": str(part.id),
                              "account_id": str(sale.account_id)})  # fmt: skip
    order = make_won(session, title=f"{side.word} fleet", customer_name=f"{side.word} Fleet AG")
    part = make_participant(session, order.opportunity, partner_id=side.partner.id)
    make_touch(session, order.opportunity, side.partner)
    credited(session, order)
    invoice = make_invoice(session, order)
    payment = make_payment(session, invoice, 60_000)
    won = {"opportunity_id": order.opportunity_id, "participant_id": part.id}
    side.ids |= {name: str(value) for name, value in won.items()}
    side.ids |= {"order_id": str(order.id), "invoice_id": str(invoice.id)}
    side.ids |= {"payment_id": str(payment.id), "account_id": str(order.account_id)}


def _people(session: Session, side: Side) -> None:
    token, at = f"token-of-{side.partner.id}", now()
    invitation = Invitation(
        email=f"{side.word}-{side.partner.number}@example.com".lower(), name=f"{side.word} Guest",
        role=Role.PARTNER_MEMBER, partner_id=side.partner.id, token_hash=token_hash(token),
        invited_at=at, expires_at=at + timedelta(hours=24),
    )  # fmt: skip
    reset = PasswordReset(user_id=side.member.id, token_hash=token_hash(token), asked_at=at,
                          expires_at=at + timedelta(minutes=60))  # fmt: skip
    session.add_all([invitation, reset])
    mail_id = post(session, to=side.member.email, template="identity/mail/reset", at=at,
                   partner_id=side.partner.id, name=side.member.name, path="/x")  # fmt: skip
    session.flush()
    side.ids |= {"token": token, "mail_id": str(mail_id), "user_id": str(side.member.id),
                 "invitation_id": str(invitation.id)}  # fmt: skip


def _learn(session: Session, side: Side) -> None:
    given = {"title": f"{side.word} guide", "programme_id": side.partner.programme_id}
    item = make_item(session, file=PDF, **given)
    page = make_item(session, **given)
    certificate = make_certificate(session, side.partner, holder=f"{side.word} Holder")
    side.ids |= {"item_id": str(item.id), "slug": item.slug, "certificate_id": str(certificate.id)}
    side.variants.append({"item_id": str(page.id), "slug": page.slug})


def _earn(session: Session, sides: list[Side]) -> str:
    for side in sides:
        for minor in (12_345, 6_789):
            make_accrual(session, side.partner, minor, customer_name=f"{side.word} Fleet AG")
    period = make_period(session)
    issued = issue(session, period)
    one, other = calculator_and_approver(session)
    statements.pay(session, period.id, actor=one, at=NOON)
    statements.approve_payouts(session, period.id, actor=other, at=NOON)
    statements.export_payouts(session, period.id, actor=other, at=NOON)
    for payout in statement_queries.payouts_of(session, period.id):
        side = next(side for side in sides if side.partner.id == payout.partner_id)
        side.ids["payout_id"] = str(payout.id)
    for statement in issued:  # once paid; a payout waits while a line that it pays is in dispute
        side = next(side for side in sides if side.partner.id == statement.partner_id)
        _object(session, side, statement)
    april = make_period(session, date(2026, 4, 1))
    sides[0].variants.append({"period_id": str(april.id)})
    return str(period.id)


def _object(session: Session, side: Side, statement: Statement) -> None:
    lines = select(StatementLine).where(StatementLine.statement_id == statement.id)
    first, second = session.scalars(lines.order_by(StatementLine.position)).all()
    said = {"reason": f"{side.word} objects", "expected_minor": 99}
    by = actor_of(side.admin)
    dispute = statements.raise_dispute(session, first.id, **said, actor=by, at=NOON)
    side.ids |= {"statement_id": str(statement.id), "line_id": str(second.id),
                 "dispute_id": str(dispute.id), "accrual_id": str(second.accrual_id)}  # fmt: skip
    side.variants.append({"line_id": str(first.id)})


def _shared(session: Session, own: Side) -> Ids:
    """Return the identifiers of what belongs to no partner."""
    product = make_product(session)
    price = make_price(session, product, 9_900)
    draft = make_draft(session)
    document = standard_policy(session, at=NOON).document
    policy = publish_policy(session, document, actor=SYSTEM, at=NOON)
    text = b"source_id,invoice,amount,currency,received_on,kind,reference\n1,R,1,EUR,2026-02-20,,"
    upload = Upload(ImportKind.PAYMENTS, "bank.csv", text, "bank")
    brought = bring(session, upload, actor=SYSTEM, at=NOON)
    job = enqueue(session, "ledger.seal")
    things: dict[str, UUID | str] = {
        "product_id": product.id, "family_id": product.family_id, "list_id": price.price_list_id,
        "programme_id": own.partner.programme_id, "tier_id": own.partner.tier_id,
        "version_id": draft.id, "plan_id": session.scalars(select(Plan.id).limit(1)).one(),
        "plan_code": the_plan(session).id, "policy_id": policy.id, "import_id": brought.id,
        "export_id": session.scalars(select(PayoutExport.id).limit(1)).one(), "job_id": job,
        "kind": "csv", "brought": "1", "filename": "css/tokens.css",
    }  # fmt: skip
    return {name: str(value) for name, value in things.items()}
