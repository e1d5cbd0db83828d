"""Registrations in any state, made through the services that make them."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.rules import Actor, Role
from app.catalogue.models import Product
from app.db.engine import SYSTEM_SCOPE, set_scope
from app.deals import services
from app.deals.models import Registration
from app.deals.rules import (
    ClosingCode,
    ConsentBasis,
    Content,
    DealSource,
    DealState,
    DeliveryModel,
    LineContent,
)
from app.kernel.ids import new_id
from tests.factories.catalogue import make_product
from tests.factories.clockwork import NOON, unique
from tests.factories.identity import make_actor, make_user
from tests.factories.partners import make_partner


def content(product: Product, **over: Any) -> Content:
    """Return everything that a submission needs, about a customer of its own."""
    number = unique()
    said = Content(
        title=f"Deal {number}",
        customer_name=f"{_word(number)}{number} {_word(number // 7)} GmbH",
        customer_domain=f"customer-{number}.example-company-{number}.de",
        customer_country="DE",
        customer_city="Köln",
        contact_name="Ada Byron",
        contact_email="ada@example.com",
        consent_basis=ConsentBasis.CONSENT,
        problem="They cannot see where their goods are at night.",
        currency="EUR",
        expected_close_on=date(2040, 9, 30),
        source=DealSource.EVENT,
        delivery_model=DeliveryModel.RESALE,
        lines=(LineContent(product.id, 2, 4_800_000),),
    )
    return replace(said, **over)


def _word(number: int) -> str:
    return _WORDS[number % len(_WORDS)]


_WORDS = ("Quorvex", "Zyltrin", "Mavonda", "Pelkro", "Throxal", "Wendaru", "Jibzona")


@dataclass(frozen=True)
class Scene:
    """A partner with its member, its manager, and a product to register."""

    member: Actor
    manager: Actor
    product: Product
    partner_id: UUID


def make_scene(session: Session, product: Product | None = None, **over: Any) -> Scene:
    """Return a partner that can register, with a manager who decides."""
    manager = make_actor(session, Role.CHANNEL_MANAGER)
    partner = make_partner(session, manager_id=manager.user_id, **over)
    member = make_actor(session, Role.PARTNER_MEMBER, partner)
    return Scene(member, manager, product or make_product(session), partner.id)


def make_deal(
    session: Session,
    state: DealState = DealState.DRAFT,
    *,
    scene: Scene | None = None,
    at: datetime = NOON,
    said: Content | None = None,
) -> Registration:
    """Return a registration that came to ``state`` as people bring it there."""
    scene = scene or make_scene(session)
    said = said or content(scene.product)
    deal_id = new_id()
    deal = services.save(session, deal_id, actor=scene.member, at=at, content=said)
    for step in _PATHS[state]:
        _STEPS[step](session, deal_id, scene, at)
    set_scope(session, SYSTEM_SCOPE)
    session.flush()
    return deal


def _submit(session: Session, deal_id: UUID, scene: Scene, at: datetime) -> None:
    services.submit(session, deal_id, actor=scene.member, at=at)


def _take_up(session: Session, deal_id: UUID, scene: Scene, at: datetime) -> None:
    services.take_up(session, deal_id, actor=scene.manager, at=at)


def _approve(session: Session, deal_id: UUID, scene: Scene, at: datetime) -> None:
    services.approve(session, deal_id, actor=scene.manager, at=at)


def _reject(session: Session, deal_id: UUID, scene: Scene, at: datetime) -> None:
    services.reject(
        session, deal_id, code=ClosingCode.NOT_QUALIFIED, reason="No budget.",
        actor=scene.manager, at=at,
    )  # fmt: skip


def _send_back(session: Session, deal_id: UUID, scene: Scene, at: datetime) -> None:
    services.send_back(
        session, deal_id, fields=["problem"], reason="Say more.", actor=scene.manager, at=at
    )


def _withdraw(session: Session, deal_id: UUID, scene: Scene, at: datetime) -> None:
    services.withdraw(session, deal_id, actor=scene.member, at=at)


def _convert(session: Session, deal_id: UUID, scene: Scene, at: datetime) -> None:
    services.convert(session, deal_id, actor=scene.manager, at=at)


def _expire(session: Session, _deal_id: UUID, _scene: Scene, at: datetime) -> None:
    services.lapse_protections(session, at=at + timedelta(days=91))


_STEPS = {
    "submit": _submit,
    "take_up": _take_up,
    "approve": _approve,
    "reject": _reject,
    "send_back": _send_back,
    "withdraw": _withdraw,
    "convert": _convert,
    "expire": _expire,
}
_PATHS: dict[DealState, tuple[str, ...]] = {
    DealState.DRAFT: (),
    DealState.SUBMITTED: ("submit",),
    DealState.IN_REVIEW: ("submit", "take_up"),
    DealState.ACTION_REQUIRED: ("submit", "take_up", "send_back"),
    DealState.APPROVED: ("submit", "take_up", "approve"),
    DealState.REJECTED: ("submit", "take_up", "reject"),
    DealState.CONVERTED: ("submit", "take_up", "approve", "convert"),
    DealState.EXPIRED: ("submit", "take_up", "approve", "expire"),
    DealState.WITHDRAWN: ("submit", "withdraw"),
}

__all__ = ["Scene", "content", "make_deal", "make_scene", "make_user"]
