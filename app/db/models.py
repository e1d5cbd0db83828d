"""Counters behind human references."""

from typing import ClassVar

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.rows import COUNTERS, Rows


class Counter(Base):
    """The last number drawn in one series and year."""

    __tablename__ = "counter"
    rows: ClassVar[Rows] = COUNTERS

    series: Mapped[str] = mapped_column(String(8), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]
