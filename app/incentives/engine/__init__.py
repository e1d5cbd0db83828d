"""The incentive engine: facts and plan versions in, exact lines with their working out.

Pure: no database, clock or locale. ``calculate(facts, plans, as_of)`` gives ``Result(lines,
nothing)``; ``calculate_open`` leaves closed periods alone. Plans come from documents by
``read_plan``, facts by ``read_facts``; ``sentence`` and ``table`` explain a line's trace,
``recompute`` checks it by another way, ``difference`` corrects closed periods.
"""

from app.incentives.engine.apart import apart, shares_limits
from app.incentives.engine.calculate import calculate
from app.incentives.engine.check import Finding, OverlappingVersions, check, refuse_overlaps
from app.incentives.engine.closing import (
    Closed,
    ClosedBackwards,
    Closing,
    calculate_open,
    open_from,
    read_closings,
)
from app.incentives.engine.describe import describe
from app.incentives.engine.difference import difference
from app.incentives.engine.document import read_plan
from app.incentives.engine.draw import Drawn, draw
from app.incentives.engine.facts import (
    Baseline,
    Block,
    BlockCode,
    CreditedEvent,
    EventKind,
    ExchangeRate,
    Facts,
    PartnerFacts,
    TierSpan,
)
from app.incentives.engine.facts_document import read_facts
from app.incentives.engine.gates import gate_of
from app.incentives.engine.knowledge import ContradictingEvents
from app.incentives.engine.lines import Gate, Line, LineKey, Nothing, Result, Trace
from app.incentives.engine.plan import Component, PlanVersion
from app.incentives.engine.recompute import recompute
from app.incentives.engine.watching import Watch
from app.incentives.engine.words import sentence, table
from app.kernel.reading import DocumentRefused

__all__ = [
    "Baseline",
    "Block",
    "BlockCode",
    "Closed",
    "ClosedBackwards",
    "Closing",
    "Component",
    "ContradictingEvents",
    "CreditedEvent",
    "DocumentRefused",
    "Drawn",
    "EventKind",
    "ExchangeRate",
    "Facts",
    "Finding",
    "Gate",
    "Line",
    "LineKey",
    "Nothing",
    "OverlappingVersions",
    "PartnerFacts",
    "PlanVersion",
    "Result",
    "TierSpan",
    "Trace",
    "Watch",
    "apart",
    "calculate",
    "calculate_open",
    "check",
    "describe",
    "difference",
    "draw",
    "gate_of",
    "open_from",
    "read_closings",
    "read_facts",
    "read_plan",
    "recompute",
    "refuse_overlaps",
    "sentence",
    "shares_limits",
    "table",
]
