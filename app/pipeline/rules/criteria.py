"""Exit criteria: what must be known before an opportunity enters each stage, as data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from app.pipeline.rules.stages import Stage, stages_between


@dataclass(frozen=True, slots=True)
class Facts:
    """What the criteria look at; ``engaged`` counts partners invited or accepted."""

    today: date
    amount_minor: int = 0
    close_on: date | None = None
    decision_on: date | None = None
    next_step: str = ""
    problem: str = ""
    lines: int = 0
    lines_minor: int = 0
    accepted: int = 0
    engaged: int = 0

    @property
    def is_direct(self) -> bool:
        """Whether no partner takes part or was asked to."""
        return self.engaged == 0


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that must hold: a code, what to do about it, and how it is looked up."""

    code: str
    sentence: str
    is_met: Callable[[Facts], bool]


@dataclass(frozen=True, slots=True)
class Check:
    """A criterion held against an opportunity."""

    code: str
    sentence: str
    is_met: bool


CRITERIA: Mapping[Stage, tuple[Criterion, ...]] = {
    Stage.QUALIFIED: (
        Criterion("amount", "Give an amount above zero.", lambda f: f.amount_minor > 0),
        Criterion("close_on", "Say when it should close.", lambda f: f.close_on is not None),
        Criterion("next_step", "Name the next step.", lambda f: bool(f.next_step)),
    ),
    Stage.TECHNICAL_VALIDATION: (
        Criterion("lines", "Add at least one product line.", lambda f: f.lines > 0),
        Criterion("problem", "Describe the customer’s problem.", lambda f: bool(f.problem)),
    ),
    Stage.BUSINESS_VALIDATION: (
        Criterion(
            "decision_on", "Say when the customer decides.", lambda f: f.decision_on is not None
        ),
        Criterion("next_step", "Name the next step.", lambda f: bool(f.next_step)),
    ),
    Stage.COMMITTED: (
        Criterion(
            "close_not_past",
            "Set a close date that has not passed.",
            lambda f: f.close_on is not None and f.close_on >= f.today,
        ),
        Criterion(
            "accepted",
            "Have at least one invited partner accept, or sell directly without partners.",
            lambda f: f.accepted > 0 or f.is_direct,
        ),
    ),
    Stage.LAUNCHED: (
        Criterion(
            "lines_add_up",
            "Make the product lines add up to the amount.",
            lambda f: f.lines > 0 and f.lines_minor == f.amount_minor,
        ),
    ),
}
"""What each stage asks before it is entered; prospect and closed lost ask nothing."""


def checklist(stage: Stage, facts: Facts) -> list[Check]:
    """Return each criterion of entering ``stage``, and whether it is met."""
    asked = CRITERIA.get(stage, ())
    return [Check(one.code, one.sentence, one.is_met(facts)) for one in asked]


def missing(stage: Stage, facts: Facts) -> list[str]:
    """Return, as sentences, what is missing before ``stage`` may be entered."""
    return [check.sentence for check in checklist(stage, facts) if not check.is_met]


def missing_on_the_way(before: Stage, after: Stage, facts: Facts) -> list[str]:
    """Return what is missing for every stage from ``before`` forward to ``after``, each once."""
    found = [text for stage in stages_between(before, after) for text in missing(stage, facts)]
    return list(dict.fromkeys(found))
