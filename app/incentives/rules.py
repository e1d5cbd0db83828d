"""States of a plan version and kinds of commission line."""

from enum import StrEnum

from app.kernel.transitions import Machine

GRANTED = "granted"
"""The part of a line that a person decided on; calculations leave such lines alone."""


class PlanState(StrEnum):
    """Whether a plan version can still change, is in force, or was followed by a later one."""

    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


class PlanAct(StrEnum):
    """What changes the state of a plan version."""

    PUBLISH = "publish"
    SUPERSEDE = "supersede"


LIFECYCLE = Machine(
    "plan version",
    {
        (PlanState.DRAFT, PlanAct.PUBLISH): PlanState.PUBLISHED,
        (PlanState.PUBLISHED, PlanAct.SUPERSEDE): PlanState.SUPERSEDED,
    },
)


class AccrualKind(StrEnum):
    """Whether a line is earned, takes something back, or corrects a closed period."""

    EARNED = "earned"
    CLAWBACK = "clawback"
    ADJUSTMENT = "adjustment"
