"""Versions of the attribution policy."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.attribution.models import Policy
from app.identity.models import User

STANDARD = "standard"
"""The code of the policy that orders are credited by."""


def latest_policy(session: Session, code: str = STANDARD) -> Policy | None:
    """Return the newest version of a policy, None where there is none yet."""
    return session.scalar(
        select(Policy).where(Policy.code == code).order_by(Policy.number.desc()).limit(1)
    )


def policies(session: Session, code: str = STANDARD) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return every version of a policy, newest first, with who published it."""
    return session.execute(
        select(
            Policy.id, Policy.number, Policy.name, Policy.document, Policy.published_at,
            User.name.label("who"),
        )
        .outerjoin(User, User.id == Policy.published_by)
        .where(Policy.code == code)
        .order_by(Policy.number.desc())
    ).all()  # fmt: skip
