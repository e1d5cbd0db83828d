"""Read files that people send: encoding, table, cells; with a report, never a crash."""

from app.revenue.rules.reading.cells import PLAIN, DayOrder, DecimalSign, Manner, Reader
from app.revenue.rules.reading.report import FileRefused, Problem
from app.revenue.rules.reading.table import Column, Row, Table, read_table
from app.revenue.rules.reading.text import LARGEST, Decoded, decode

__all__ = [
    "LARGEST",
    "PLAIN",
    "Column",
    "DayOrder",
    "DecimalSign",
    "Decoded",
    "FileRefused",
    "Manner",
    "Problem",
    "Reader",
    "Row",
    "Table",
    "decode",
    "read_table",
]
