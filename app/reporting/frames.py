"""Frames: the one place where pandas is used."""

from collections.abc import Iterable
from datetime import date

import numpy as np
import pandas as pd

from app.kernel.period import Days, months_between
from app.reporting.queries import MonthRoute
from app.reporting.rules import Route


def monthly(rows: Iterable[MonthRoute], days: Days) -> pd.DataFrame:
    """Return minor units with a row for each month of ``days`` and a column for each route."""
    months = [month.start for month in months_between(days.start, days.until)]
    columns = [route.value for route in Route]
    line = {month: number for number, month in enumerate(months)}
    # Filled cell by cell: a pivot of a few dozen rows costs more than the whole page.
    cells = np.zeros((len(months), len(columns)), dtype="int64")
    for row in rows:
        if row.month in line:
            cells[line[row.month], columns.index(row.route.value)] += row.minor
    return pd.DataFrame(cells, index=pd.Index(months, dtype=object), columns=columns)


def as_rows(frame: pd.DataFrame) -> list[tuple[date, list[int]]]:
    """Return the frame as plain Python: month and the minor units of each route."""
    return [
        (month, [int(value) for value in line])
        for month, line in zip(frame.index, frame.to_numpy(), strict=True)
    ]
