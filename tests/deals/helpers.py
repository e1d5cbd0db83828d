"""What tests of registrations share."""

from datetime import timedelta

from sqlalchemy import select

from app.access.rules import Role
from app.catalogue.models import Product
from app.deals.rules import (
    DealState,
)
from app.ledger.queries import names_of
from tests.factories.clockwork import NOON
from tests.factories.deals import content, make_deal, make_scene
from tests.factories.identity import make_actor

LATER = NOON + timedelta(days=10)


def events(session, deal):
    return [name.removeprefix("deal.") for name in names_of(session, "registration", deal.id)]


def rival_of(session, deal, state=DealState.IN_REVIEW, at=NOON):
    """Return another partner's registration of the same customer and family."""
    product = session.scalar(select(Product).where(Product.family_id == deal.family_id))
    scene = make_scene(session, product=product)
    same = {"customer_name": deal.customer_name, "customer_domain": deal.customer_domain}
    return make_deal(session, state, scene=scene, at=at, said=content(product, **same))


def make_lead(session):
    return make_actor(session, Role.CHANNEL_LEAD)
