"""What was measured beside what is promised, and the one table of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement: of what, how much, what is promised, and whether that is kept."""

    what: str
    measured: str
    promise: str
    kept: bool = True


def figure(what: str, value: float, most: float, unit: str = "x") -> Figure:
    """Return the measurement of a ``value`` that may be at most ``most``."""
    return Figure(what, f"{value:.2f}{unit}", f"at most {most:g}{unit}", value <= most)


def show(figures: Iterable[Figure]) -> bool:
    """Print the table; return whether every promise is kept."""
    rows = [("", "measured", "promised", "")]
    rows += [(f.what, f.measured, f.promise, "" if f.kept else "NOT KEPT") for f in figures]
    widths = [max(len(row[place]) for row in rows) for place in range(3)]
    for what, measured, promise, mark in rows:
        line = f"{what:<{widths[0]}}  {measured:>{widths[1]}}  {promise:<{widths[2]}}  {mark}"
        print(line.rstrip())
    return all(not mark for *_, mark in rows)


def run(name: str) -> list[Figure]:
    """Run the benchmark called ``name`` over what it promises."""
    figures: list[Figure] = import_module(f"benchmarks.{name}").main()
    return figures
