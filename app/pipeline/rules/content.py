"""What people say about an opportunity, and what of it cannot be."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.errors import FieldError
from app.kernel.money import Money
from app.pipeline.rules.stages import LossReason, Stage

LONGEST_TITLE = 255
LONGEST_STEP = 300
LONGEST_NOTE = 4000
MOST_LINES = 20
MOST_QUANTITY = 1_000_000


@dataclass(frozen=True, slots=True)
class Terms:
    """What an opportunity is about, as its form says."""

    title: str
    amount: Money
    close_on: date | None = None
    decision_on: date | None = None
    next_step: str = ""
    problem: str = ""
    family_id: UUID | None = None
    owner_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One product of an opportunity; the amount is in its currency's minor units."""

    product_id: UUID
    quantity: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Step:
    """A move that somebody asks for: where to, and what is said about it."""

    stage: Stage
    reason: str = ""
    loss_reason: LossReason | None = None


def complaints(terms: Terms, today: date, *, close_before: date | None) -> list[FieldError]:
    """Return what cannot be; a close date gone by is let stand, but not set anew."""
    found = []
    if not 0 < len(terms.title) <= LONGEST_TITLE:
        sentence = f"Give a title of 1 to {LONGEST_TITLE} characters."
        found.append(FieldError("title", sentence, "pipeline.title"))
    if terms.amount.minor < 0:
        found.append(FieldError("amount", "Give an amount of zero or more.", "pipeline.amount"))
    if terms.close_on not in (None, close_before) and terms.close_on < today:
        sentence = "The close date lies in the past."
        found.append(FieldError("close_on", sentence, "pipeline.close_in_the_past"))
    if len(terms.next_step) > LONGEST_STEP:
        sentence = f"At most {LONGEST_STEP} characters."
        found.append(FieldError("next_step", sentence, "pipeline.next_step"))
    return found


def line_complaints(lines: list[Line]) -> list[FieldError]:
    """Return what is wrong with product lines."""
    found = []
    if len(lines) > MOST_LINES:
        found.append(FieldError("lines", f"At most {MOST_LINES} lines.", "pipeline.lines"))
    if any(not 0 < line.quantity <= MOST_QUANTITY for line in lines):
        sentence = f"Give quantities from 1 to {MOST_QUANTITY}."
        found.append(FieldError("lines", sentence, "pipeline.line_quantity"))
    if any(line.amount_minor < 0 for line in lines):
        sentence = "Give amounts of zero or more."
        found.append(FieldError("lines", sentence, "pipeline.line_amount"))
    return found
