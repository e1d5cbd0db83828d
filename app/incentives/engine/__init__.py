"""The incentive engine: facts and plan versions in, exact lines with their working out.

Pure: no database, clock or locale. ``calculate(facts, plans, as_of)`` gives ``Result(lines,
nothing)``; plans come from documents by ``read_plan``; ``sentence`` and ``table`` explain a line's
trace, ``recompute`` checks it by another way, ``difference`` corrects closed periods.
"""

from app.incentives.engine.calculate import calculate
from app.incentives.engine.difference import difference
from app.incentives.engine.document import read_plan
from app.incentives.engine.facts import (
    Baseline,
    CreditedEvent,
    EventKind,
    ExchangeRate,
    Facts,
    PartnerFacts,
    TierSpan,
)
from app.incentives.engine.lines import Gate, Line, LineKey, Nothing, Result, Trace
from app.incentives.engine.plan import Component, PlanVersion
from app.incentives.engine.reader import DocumentRefused
from app.incentives.engine.recompute import recompute
from app.incentives.engine.words import sentence, table

__all__ = [
    "Baseline",
    "Component",
    "CreditedEvent",
    "DocumentRefused",
    "EventKind",
    "ExchangeRate",
    "Facts",
    "Gate",
    "Line",
    "LineKey",
    "Nothing",
    "PartnerFacts",
    "PlanVersion",
    "Result",
    "TierSpan",
    "Trace",
    "calculate",
    "difference",
    "read_plan",
    "recompute",
    "sentence",
    "table",
]
