"""Frames: the one place where pandas is used."""

from collections.abc import Iterable
from datetime import date

import pandas as pd

from app.kernel.period import Days, months_between
from app.reporting.queries import MonthRoute
from app.reporting.rules import Route


def monthly(rows: Iterable[MonthRoute], days: Days) -> pd.DataFrame:
    """Return minor units with a row for each month of ``days`` and a column for each route."""
    months = [month.start for month in months_between(days.start, days.until)]
    found = pd.DataFrame(
        [(row.month, row.route.value, row.minor) for row in rows],
        columns=["month", "route", "minor"],
    )
    table = found.pivot_table(index="month", columns="route", values="minor", aggfunc="sum")
    columns = [route.value for route in Route]
    return (
        table.reindex(index=pd.Index(months, dtype=object), columns=columns)
        .fillna(0)
        .astype("int64")
    )


def as_rows(frame: pd.DataFrame) -> list[tuple[date, list[int]]]:
    """Return the frame as plain Python: month and the minor units of each route."""
    return [
        (month, [int(value) for value in line])
        for month, line in zip(frame.index, frame.to_numpy(), strict=True)
    ]
