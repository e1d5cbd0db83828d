"""Products and prices."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.catalogue.models import Family, Price, PriceList, Product
from tests.factories.clockwork import unique


def make_family(session: Session, **over: Any) -> Family:
    """Return a product family."""
    code = f"F{unique()}"
    family = Family(**{"code": code, "name": f"Family {code}", **over})
    session.add(family)
    session.flush()
    return family


def make_product(session: Session, family: Family | None = None, **over: Any) -> Product:
    """Return an active product."""
    family = family or make_family(session)
    code = f"PR{unique()}"
    values = {"code": code, "name": f"Product {code}", "family_id": family.id}
    product = Product(**{**values, **over})
    session.add(product)
    session.flush()
    return product


def make_price(session: Session, product: Product, unit_minor: int, currency: str = "EUR") -> Price:
    """Return the price of ``product`` on a list of its own, valid since 2020."""
    day = date.fromordinal(date(2020, 1, 1).toordinal() + unique() % 1000)
    prices = PriceList(name=f"List {unique()}", currency=currency, valid_from=day)
    session.add(prices)
    session.flush()
    price = Price(price_list_id=prices.id, product_id=product.id, unit_minor=unit_minor)
    session.add(price)
    session.flush()
    return price
