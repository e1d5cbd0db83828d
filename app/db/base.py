"""The declarative base and the names of constraints."""

from typing import ClassVar

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from app.db.rows import Rows

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of every stored thing; each says which rows a partner's session may see."""

    metadata = MetaData(naming_convention=NAMES)
    rows: ClassVar[Rows]
    ledgered: ClassVar[bool] = False
