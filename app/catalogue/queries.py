"""Reading the catalogue: products with today's prices, families, lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Subquery, func, select
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


def current_prices(session: Session, currency: str, on: date) -> list[CurrentPrice]:
    """Return the price of each active product that the list in force on ``on`` names, by name."""
    newest = _lists_in_force(on)
    rows = session.execute(
        select(
            Product.id, Product.code, Product.name, Product.family_id, PriceList.currency,
            Price.unit_minor, PriceList.name, PriceList.valid_from,
        )
        .join(Price, Price.product_id == Product.id)
        .join(PriceList, PriceList.id == Price.price_list_id)
        .join(newest, newest.c.id == PriceList.id)
        .where(PriceList.currency == currency, Product.is_active)
        .order_by(func.lower(Product.name), Product.code)
    )  # fmt: skip
    return [CurrentPrice(*row) for row in rows]


def currencies(session: Session, on: date) -> list[str]:
    """Return the currencies that have a list in force."""
    newest = _lists_in_force(on)
    return list(
        session.scalars(
            select(PriceList.currency)
            .join(newest, newest.c.id == PriceList.id)
            .order_by(PriceList.currency)
        )
    )


def price_table(session: Session, on: date) -> dict[UUID, dict[str, int]]:
    """Return for each product its unit price in minor units by currency, as in force on ``on``."""
    newest = _lists_in_force(on)
    found: dict[UUID, dict[str, int]] = {}
    rows = session.execute(
        select(Price.product_id, PriceList.currency, Price.unit_minor)
        .join(PriceList, PriceList.id == Price.price_list_id)
        .join(newest, newest.c.id == PriceList.id)
    )
    for product_id, currency, unit_minor in rows:
        found.setdefault(product_id, {})[currency] = unit_minor
    return found


def products(
    session: Session, *, with_inactive: bool = False, search: str = ""
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return id, code, name, is_active, family_id, family by family and name."""
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
    return session.execute(wanted).all()


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


def _lists_in_force(on: date) -> Subquery:
    """Return the ids of the newest list of each currency that holds on ``on``."""
    return (
        select(PriceList.id)
        .ext(distinct_on(PriceList.currency))
        .where(PriceList.valid_from <= on)
        .order_by(PriceList.currency, PriceList.valid_from.desc())
        .subquery("in_force")
    )
