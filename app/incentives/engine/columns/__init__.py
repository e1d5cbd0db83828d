"""The calculation in columns: the plain engine's lines for a million facts in less than a second.

``calculate_columns(columns_of(facts), plans, as_of)`` gives ``LineColumns``; ``lines_of`` tells
them as ``calculate`` does, ``in_short`` without their traces, and ``trace_of`` tells one line's
working. ``supported(plan)`` says what of a plan goes to the plain engine instead.
"""

from app.incentives.engine.columns.arrays import NONE
from app.incentives.engine.columns.calculate import calculate_columns
from app.incentives.engine.columns.facts import Coded, FactColumns, columns_of
from app.incentives.engine.columns.lines import LineColumns
from app.incentives.engine.columns.short import Short, in_short, lines_in_short
from app.incentives.engine.columns.support import supported
from app.incentives.engine.columns.telling import line_of, lines_of, trace_of

__all__ = [
    "NONE",
    "Coded",
    "FactColumns",
    "LineColumns",
    "Short",
    "calculate_columns",
    "columns_of",
    "in_short",
    "line_of",
    "lines_in_short",
    "lines_of",
    "supported",
    "trace_of",
]
