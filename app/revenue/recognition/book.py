"""The state of a contract: its terms as they stand, its measures, and its stages.

A stage is the contract as accounted for between modifications. A prospective modification closes
a stage and opens the next, into which flows what was allocated and not yet earned; a separate
contract is a stage of its own; a cumulative catch-up changes the stage that is there. Revenue is a
function of the book and a day, never a running total, so that a change of estimate is a catch-up by
itself.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from app.kernel.errors import FieldError
from app.kernel.reading import DocumentRefused
from app.revenue.recognition.progress import Measured
from app.revenue.recognition.span import Span
from app.revenue.recognition.terms import Estimate, Obligation, Variable

UNTOUCHED = Measured()
Figures = dict[str, str | int | Fraction | dict[str, int]]
"""Whole numbers and fractions are amounts in grains; texts are anything else."""


def refused(path: str, why: str) -> DocumentRefused:
    """Return the refusal of what stands at ``path`` of the document."""
    error = FieldError(path, why, DocumentRefused.code)
    return DocumentRefused(f"{path}: {why}", errors=(error,))


@dataclass(frozen=True, slots=True)
class Frozen:
    """How a stage stood when it closed: the last day, and each member's terms and measure."""

    on: date
    terms: dict[str, Obligation]
    measured: dict[str, Measured]
    flows: frozenset[str] = frozenset()
    """Members whose whole consideration flows into the next stage, earned or not."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A pool of consideration and the obligations that share it."""

    number: int
    parent: int | None
    price: Fraction
    members: tuple[str, ...]
    weights: tuple[Fraction, ...]
    spans: dict[str, Span]
    measured: dict[str, Measured]
    """Where each member's measure stood when the stage began; only the origins matter."""
    frozen: Frozen | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A variable element: where it belongs, what is thought of it now, what was earned of it."""

    terms: Variable
    stage: int
    estimate: Estimate
    sold: Fraction = Fraction(0)
    """Royalties that sales or usage brought so far."""


@dataclass(frozen=True, slots=True)
class Sold:
    """Units of an open-ended obligation transferred at a unit price."""

    quantity: Fraction
    unit_price: Fraction


@dataclass(frozen=True, slots=True)
class End:
    """A cancellation: the last day, what is given back of what was not earned, and a fee."""

    on: date
    refund: Fraction | None
    fee: Fraction


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence about something that happened, with its day and its figures, in grains."""

    on: date
    words: str
    figures: Figures = field(default_factory=dict)


@dataclass(slots=True)
class Book:
    """Everything known by a day."""

    terms: dict[str, Obligation] = field(default_factory=dict)
    stages: list[Stage] = field(default_factory=list)
    items: dict[str, Item] = field(default_factory=dict)
    done: dict[str, Fraction] = field(default_factory=dict)
    installed: dict[str, Fraction] = field(default_factory=dict)
    spent: dict[str, Fraction] = field(default_factory=dict)
    returned: dict[str, Fraction] = field(default_factory=dict)
    reached: dict[str, frozenset[str]] = field(default_factory=dict)
    complete: frozenset[str] = frozenset()
    sold: dict[str, tuple[Sold, ...]] = field(default_factory=dict)
    invoiced_for: dict[str, Fraction] = field(default_factory=dict)
    credits: dict[str, Fraction] = field(default_factory=dict)
    """Revenue taken back of what was transferred before a modification."""
    payables: tuple[tuple[date, Fraction], ...] = ()
    end: End | None = None
    notes: tuple[Note, ...] = ()
    shared_out: dict[tuple[int, int], tuple[int, list[int]]] = field(default_factory=dict)
    """Allocations found already, by stage and what flowed into it; forgotten at each change."""

    def copy(self) -> "Book":
        """Return a book that can be written on without changing this one."""
        return replace(
            self,
            terms=dict(self.terms),
            stages=list(self.stages),
            items=dict(self.items),
            done=dict(self.done),
            installed=dict(self.installed),
            spent=dict(self.spent),
            returned=dict(self.returned),
            reached=dict(self.reached),
            sold=dict(self.sold),
            invoiced_for=dict(self.invoiced_for),
            credits=dict(self.credits),
            shared_out={},
        )

    def measured(self, obligation: str, stage: Stage) -> Measured:
        """Return how far an obligation is, seen from the beginning of a stage."""
        began = stage.measured.get(obligation, UNTOUCHED)
        is_done = obligation in self.done or obligation in self.complete
        if began is UNTOUCHED and not is_done and obligation not in self.installed:
            return UNTOUCHED
        return Measured(
            self.done.get(obligation, Fraction(0)),
            began.origin,
            self.installed.get(obligation, Fraction(0)),
            began.installed_before,
            obligation in self.complete,
        )

    def stage_of(self, obligation: str) -> Stage | None:
        """Return the open stage that an obligation belongs to."""
        for stage in reversed(self.stages):
            if stage.frozen is None and obligation in stage.members:
                return stage
        return None

    def main_stage(self) -> Stage | None:
        """Return the open stage that the contract itself has come to."""
        number = 0
        for stage in self.stages:
            if stage.parent == number:
                number = stage.number
        return self.stages[number] if self.stages else None

    def note(self, on: date, words: str, figures: Figures | None = None) -> None:
        """Keep a sentence about what happened."""
        self.notes = (*self.notes, Note(on, words, figures or {}))
