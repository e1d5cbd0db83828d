"""What stands in the way of an act on a dispute."""

from app.kernel.errors import Conflict, FieldError, Forbidden, Invalid

LARGEST = 10**13
"""No expected amount may exceed this many minor units."""


class DisputeTooLate(Conflict):
    """The days in which the lines of a statement can be disputed are over."""

    code = "dispute.too_late"


class LineDisputedAlready(Conflict):
    """A dispute about the line waits for its decision."""

    code = "dispute.open_already"


class DisputeRefused(Invalid):
    """Something is missing: a reason, an answer, another amount."""

    code = "dispute.refused"


class NotYourDispute(Forbidden):
    """The act belongs to the other side."""

    code = "dispute.not_yours"


class NoOpenPeriod(Conflict):
    """No period is open that could take the adjustment."""

    code = "dispute.no_open_period"


def needed(text: str, field: str, message: str) -> str:
    """Return ``text`` without outer white space.

    :raises DisputeRefused: with ``message``, if nothing is left
    """
    if not text.strip():
        raise refused(field, message)
    return text.strip()


def refused(field: str, message: str) -> DisputeRefused:
    """Return the refusal that says ``message`` beside ``field``."""
    return DisputeRefused(message, errors=(FieldError(field, message, DisputeRefused.code),))
