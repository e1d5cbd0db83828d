"""Reading the catalogue: products with today's prices, families, lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, bindparam, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from app.catalogue.models import Family, Price, PriceList, Product
from app.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class CurrentPrice:
    """What one unit of a product costs on a day, and by which list."""

    product_id: UUID
    code: str
    name: str
    family_id: UUID
    currency: str
    unit_minor: int
    list_name: str
    valid_from: date


_IN_FORCE = (
    select(PriceList.id)
    .ext(distinct_on(PriceList.currency))
    .where(PriceList.valid_from <= bindparam("on"))
    .order_by(PriceList.currency, PriceList.valid_from.desc())
    .subquery("in_force")
)
"""The newest list of each currency that holds on a day."""
_PRICES = (
    select(
        Product.id, Product.code, Product.name, Product.family_id, PriceList.currency,
        Price.unit_minor, PriceList.name, PriceList.valid_from,
    )
    .join(Price, Price.product_id == Product.id)
    .join(PriceList, PriceList.id == Price.price_list_id)
    .join(_IN_FORCE, _IN_FORCE.c.id == PriceList.id)
    .where(PriceList.currency == bindparam("currency"), Product.is_active)
    .order_by(func.lower(Product.name), Product.code)
)  # fmt: skip
_CURRENCIES = (
    select(PriceList.currency)
    .join(_IN_FORCE, _IN_FORCE.c.id == PriceList.id)
    .order_by(PriceList.currency)
)
_UNITS = (
    select(Price.product_id, PriceList.currency, Price.unit_minor)
    .join(PriceList, PriceList.id == Price.price_list_id)
    .join(_IN_FORCE, _IN_FORCE.c.id == PriceList.id)
)


def current_prices(session: Session, currency: str, on: date) -> list[CurrentPrice]:
    """Return the price of each active product that the list in force on ``on`` names, by name."""
    rows = session.execute(_PRICES, {"currency": currency, "on": on})
    return [CurrentPrice(*row) for row in rows]


def currencies(session: Session, on: date) -> list[str]:
    """Return the currencies that have a list in force."""
    return list(session.scalars(_CURRENCIES, {"on": on}))


def price_table(session: Session, on: date) -> dict[UUID, dict[str, int]]:
    """Return for each product its unit price in minor units by currency, as in force on ``on``."""
    found: dict[UUID, dict[str, int]] = {}
    for product_id, currency, unit_minor in session.execute(_UNITS, {"on": on}):
        found.setdefault(product_id, {})[currency] = unit_minor
    return found


def products(
    session: Session, *, with_inactive: bool = False, search: str = ""
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return id, code, name, is_active, family_id, family by family and name."""
    return session.execute(_products(with_inactive, search)).all()


@lru_cache(maxsize=32)
def _products(with_inactive: bool, search: str) -> Select[*tuple[Any, ...]]:
    wanted = (
        select(
            Product.id, Product.code, Product.name, Product.is_active, Product.family_id,
            Family.name.label("family"),
        )
        .join(Family, Family.id == Product.family_id)
        .order_by(func.lower(Family.name), func.lower(Product.name), Product.code)
    )  # fmt: skip
    if not with_inactive:
        wanted = wanted.where(Product.is_active)
    if search:
        text = search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        wanted = wanted.where(Product.name.ilike(f"%{text}%") | Product.code.ilike(f"%{text}%"))
    return wanted


def families(session: Session) -> Sequence[Family]:
    """Return the product families by name."""
    return session.scalars(select(Family).order_by(func.lower(Family.name), Family.code)).all()


def lists(session: Session) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return id, name, currency, valid_from and number of prices of every list, newest first."""
    return session.execute(
        select(
            PriceList.id, PriceList.name, PriceList.currency, PriceList.valid_from,
            func.count(Price.product_id).label("prices"),
        )
        .outerjoin(Price, Price.price_list_id == PriceList.id)
        .group_by(PriceList.id)
        .order_by(PriceList.valid_from.desc(), PriceList.currency)
    ).all()  # fmt: skip


def price_list(session: Session, list_id: UUID) -> PriceList:
    """Return a price list.

    :raises NotFound: where there is none
    """
    found = session.get(PriceList, list_id)
    if found is None:
        raise NotFound
    return found


def prices_of(session: Session, list_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return code, name, family and unit_minor of a list's prices, by family and name."""
    return session.execute(
        select(Product.code, Product.name, Family.name.label("family"), Price.unit_minor)
        .join(Product, Product.id == Price.product_id)
        .join(Family, Family.id == Product.family_id)
        .where(Price.price_list_id == list_id)
        .order_by(func.lower(Family.name), func.lower(Product.name))
    ).all()


def product(session: Session, product_id: UUID, *, lock: bool = False) -> Product:
    """Return a product.

    :raises NotFound: where there is none
    """
    wanted = select(Product).where(Product.id == product_id)
    found = session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise NotFound
    return found
