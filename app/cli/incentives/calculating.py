"""What a file pays, calculated some partners at a time and told in the form that was asked for."""

import gc
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from itertools import groupby, islice
from pathlib import Path
from typing import Protocol

import click

from app.cli.files import complaints_about
from app.cli.incentives.columnar import results_in_columns, results_with_reasons
from app.cli.incentives.documents import Task, task_in
from app.cli.incentives.spill import InOrder, complaints_of_room
from app.cli.incentives.watching import watch
from app.incentives.engine import (
    Facts,
    Line,
    Nothing,
    apart,
    calculate,
    calculate_open,
    open_from,
    shares_limits,
)

MENTIONED = 100
"""Events without an exchange rate that are named one by one."""


class Form(Protocol):
    """How lines and reasons are told; ``explain`` whether the working of each is asked for."""

    explain: bool
    tells_reasons: bool

    def line(self, line: Line, status: str, since: date | None) -> str:
        """Return a line, issued or new, as text; ``since`` is the first open day for a new one."""

    def reason(self, each: Nothing) -> str:
        """Return a reason for nothing as text."""

    def document(self, found: "Calculation") -> Iterator[str]:
        """Yield what is printed, in parts."""


class Calculation:
    """What a file pays as of a moment: issued lines, new lines and reasons for nothing, as text.

    ``open_from`` is the first open day, None where nothing was closed. Totals are in minor units by
    currency.
    """

    def __init__(self, form: Form, as_of: datetime, since: date | None) -> None:
        self._form = form
        self.as_of, self.open_from = as_of, since
        self.issued, self.lines, self.nothing = InOrder(), InOrder(), InOrder()
        self.issued_totals: Counter[str] = Counter()
        self.totals: Counter[str] = Counter()
        self.without_rate = InOrder()

    def add_issued(self, lines: Iterable[Line]) -> None:
        """Add lines that were issued at a closing."""
        for line in lines:
            self.issued_totals[line.currency] += line.minor
            self.issued.add(line.partner_id, self._form.line(line, "issued", None))

    def add(self, lines: Iterable[Line]) -> None:
        """Add lines that are not issued yet."""
        for line in lines:
            self.totals[line.currency] += line.minor
            place = line.corrects is not None, line.earned_on.toordinal(), line.key
            self.lines.add(place, self._form.line(line, "new", self.open_from))

    def add_nothing(self, nothing: Iterable[Nothing]) -> None:
        """Add reasons for nothing, where they will be told."""
        is_told = self._form.explain or self._form.tells_reasons or not len(self.lines)
        for each in nothing:
            if is_told:
                self.nothing.add(each.partner_id, self._form.reason(each))
            if each.code == "rate":
                self.without_rate.add(each.partner_id, without_rate(each))


def calculation_of(file: Path, as_of: datetime | None, form: Form) -> Calculation:
    """Return what a file with plans and facts pays."""
    with complaints_about(file), complaints_of_room(), _no_collector():
        task = task_in(file)
        at = task.last if as_of is None else as_of
        found = Calculation(form, at, open_from(task.closings, at))
        for facts in task.history.facts.groups(together=shares_limits(task.plans)):
            _calculate(found, task, facts, form)
        mention(file, found.without_rate)
        return found


def _calculate(found: Calculation, task: Task, facts: Facts, form: Form) -> None:
    """Calculate some partners: in columns, or one after another, so that one's workings are held.

    Without closings, and where no traces are asked for, many events are calculated in columns.
    """
    at = found.as_of
    if not (form.explain or task.closings):
        in_columns = results_with_reasons if form.tells_reasons else results_in_columns
        if (results := in_columns(facts, task.plans, at)) is not None:
            for result in results:
                found.add(result.lines)
                found.add_nothing(result.nothing)
            return
    parts = list(apart(facts, task.plans))
    inner = iter if len(parts) > 1 else watch
    for part in watch(parts):
        if task.closings:
            closed = calculate_open(part, task.plans, task.closings, at, watch=inner)
            found.add_issued(closed.issued)
            result = closed.result
        else:
            result = calculate(part, task.plans, at, watch=inner, traced=form.explain)
        found.add(result.lines)
        found.add_nothing(result.nothing)


def without_rate(each: Nothing) -> str:
    """Return which event the totals leave out for want of an exchange rate."""
    return f"rates: event “{each.event_key}” is left out. {each.words}"


def mention(file: Path, left_out: Iterable[str]) -> None:
    """Say on standard error which events are left out: each once, and of many how many more."""
    told = (words for words, _ in groupby(left_out))
    for words in islice(told, MENTIONED):
        click.echo(f"{file}: {words}", err=True)
    if more := sum(1 for _ in told):
        click.echo(f"{file}: rates: {more} more events are left out likewise.", err=True)


@contextmanager
def _no_collector() -> Iterator[None]:
    """Keep the garbage collector from looking through all facts again and again.

    A calculation makes no circles, so that what it leaves goes by itself.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
