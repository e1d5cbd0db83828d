"""Crediting in the background: asked for by name when an order is booked."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.rules import SYSTEM
from app.attribution import services
from app.jobs.registry import job


@job("attribution.credit_order")
def credit_order(session: Session, *, at: datetime, order_id: str) -> None:
    """Credit an order that was booked."""
    services.credit_order(session, UUID(order_id), actor=SYSTEM, at=at)
