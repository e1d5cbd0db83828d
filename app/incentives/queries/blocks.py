"""What keeps a partner from being paid at all, as the engine's blocks."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.incentives import engine
from app.partners.models import Partner, PayoutDetails
from app.partners.rules import PartnerState


def payee_blocks(session: Session, partner_ids: Collection[UUID]) -> list[engine.Block]:
    """Return why partners cannot be paid: not active, or nobody has said where to.

    Whoever is not active, being onboarded, suspended or gone, is paid after somebody has looked.
    """
    rows = session.execute(
        select(Partner.id, Partner.state, Partner.joined_at, PayoutDetails.partner_id.label("paid"))
        .outerjoin(PayoutDetails, PayoutDetails.partner_id == Partner.id)
        .where(Partner.id.in_(partner_ids))
        .order_by(Partner.id)
    )
    found = []
    for row in rows:
        codes = [engine.BlockCode.RISK_REVIEW] if row.state is not PartnerState.ACTIVE else []
        codes += [engine.BlockCode.MISSING_PAYOUT_DETAILS] if row.paid is None else []
        found += [engine.Block(code, str(row.id), row.joined_at.date()) for code in codes]
    return found
