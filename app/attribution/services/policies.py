"""Publish the next version of the policy."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.access.rules import SYSTEM, Actor
from app.attribution.engine import read_policy
from app.attribution.models import Policy
from app.attribution.queries import STANDARD, latest_policy
from app.ledger.services import record

FIRST: dict[str, Any] = {
    "code": STANDARD,
    "title": "Standard",
    "classes": {
        "sourced": {"model": "sourced"},
        "influenced": {"model": "linear"},
        "fulfilled": {"model": "linear"},
    },
}
"""What holds before anybody publishes another version."""


def publish_policy(
    session: Session, document: dict[str, Any], *, actor: Actor, at: datetime
) -> Policy:
    """Publish a policy document as the next version of its code.

    Orders credited before keep the version that they were credited by.

    :raises PolicyRefused: naming the path of the first value that cannot be accepted
    """
    read = read_policy(document)
    before = latest_policy(session, read.code)
    policy = Policy(
        code=read.code[:20],
        number=1 if before is None else before.number + 1,
        name=read.title[:80],
        document=document,
        published_at=at,
        published_by=actor.user_id,
    )
    session.add(policy)
    session.flush()
    models = {name: rule.model.value for name, rule in read.classes.items()}
    record(session, "attribution.policy.published", subject=policy, actor=actor, at=at,
           code=policy.code, number=policy.number, models=models)  # fmt: skip
    return policy


def standard_policy(session: Session, *, at: datetime) -> Policy:
    """Return the standard policy, published as its first version where there is none yet."""
    return latest_policy(session) or publish_policy(session, FIRST, actor=SYSTEM, at=at)
