"""The vocabulary of columns: identifiers, moments, states, money."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Enum, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.ids import new_id

id_key = Annotated[UUID, mapped_column(primary_key=True, default=new_id)]
"""A random identifier made by us before the row is written."""

moment = Annotated[datetime, mapped_column(DateTime(timezone=True))]
"""A moment, stored in UTC."""

minor = Annotated[int, mapped_column(BigInteger)]
"""An amount in minor units of the row's ``currency``."""

currency_code = Annotated[str, mapped_column(String(3))]
"""An ISO 4217 code."""

country_code = Annotated[str, mapped_column(String(2))]
"""An ISO 3166-1 alpha-2 code."""


def states(kind: type[StrEnum], name: str = "") -> Enum:
    """Return a text column type that the database checks against the values of ``kind``.

    ``name`` tells two columns of one table apart in the names of their checks.
    """
    name = name or "".join(f"_{c.lower()}" if c.isupper() else c for c in kind.__name__).lstrip("_")
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=40,
        name=name,
        values_callable=lambda members: [member.value for member in members],
    )


def versioned(column: Mapped[int]) -> dict[str, Any]:
    """Return the mapper's arguments that check and raise ``column`` at each update."""
    return {"version_id_col": column}
