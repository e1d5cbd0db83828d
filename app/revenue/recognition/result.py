"""What recognition finds: rows by period, the allocation, what remains, costs, and the words."""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from app.kernel.period import Days
from app.revenue.recognition.costs import Carried, Cost
from app.revenue.recognition.document import Document
from app.revenue.recognition.financing import Financed
from app.revenue.recognition.history import CatchUp, History
from app.revenue.recognition.position import Position
from app.revenue.recognition.repurchase import Held


@dataclass(frozen=True, slots=True)
class Line:
    """Revenue of one obligation posted in one period, in grains."""

    obligation: str
    amount: int
    cumulative: int
    earlier: int = 0
    """What of it belongs to periods before, which take no postings any more."""
    catch_up: int = 0
    """What of it changes of estimate and modifications brought at once."""
    progress: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Remaining:
    """Consideration allocated to what is not satisfied yet, in grains."""

    total: int = 0
    current: int = 0
    """Expected within twelve months."""
    undated: int = 0
    by_year: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One reporting period: what was posted, and the balances at its end."""

    label: str
    days: Days
    ends_on: date
    is_open: bool
    lines: tuple[Line, ...]
    before: Position
    after: Position
    remaining: Remaining
    costs: dict[str, Carried] = field(default_factory=dict)
    provision: int = 0
    """Loss still expected on obligations measured by cost."""

    @property
    def revenue(self) -> int:
        """Revenue of the period."""
        return self.after.revenue - self.before.revenue


@dataclass(slots=True)
class Result:
    """Everything found for one document."""

    document: Document
    history: History
    rows: list[Row] = field(default_factory=list)
    catch_ups: list[CatchUp] = field(default_factory=list)
    remaining: Remaining | None = None
    remaining_on: date | None = None
    financed: Financed | None = None
    costs: list[tuple[Cost, list[tuple[str, Carried]]]] = field(default_factory=list)
    repurchase: list[tuple[str, Held]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
