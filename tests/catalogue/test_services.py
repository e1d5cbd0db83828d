"""Families, products, price lists."""

from datetime import date

import pytest
from sqlalchemy import select

from app.access.rules import SYSTEM
from app.catalogue import queries, services
from app.catalogue.rules import (
    CodeTaken,
    ListExists,
    ListFacts,
    NoPrices,
    NotACode,
    NotAPrice,
    ProductFacts,
    same_code,
)
from app.kernel.money import UnknownCurrency
from app.ledger.models import LedgerEntry
from tests.factories.catalogue import make_family, make_product
from tests.factories.clockwork import NOON


def publish(session, prices, currency="CHF", on=date(2026, 1, 1)):
    facts = ListFacts("List", currency, on, {p.id: minor for p, minor in prices.items()})
    return services.publish_price_list(session, facts=facts, actor=SYSTEM, at=NOON)


def add(session, family, code="router x"):
    facts = ProductFacts(code, "Router X", family.id)
    return services.add_product(session, facts=facts, actor=SYSTEM, at=NOON)


class TestProducts:
    def test_a_code_has_one_spelling(self, session):
        assert add(session, make_family(session), " router   x ").code == "ROUTER X"

    def test_a_code_is_taken_once(self, session):
        family = make_family(session)
        add(session, family)

        with pytest.raises(CodeTaken):
            add(session, family, "ROUTER X")

    @pytest.mark.parametrize("code", ["", "-X", "A" * 41, "A\nB;", "=1+1"])
    def test_a_strange_code_is_refused(self, session, code):
        with pytest.raises(NotACode):
            add(session, make_family(session), code)

    def test_leaves_an_entry(self, session):
        product = add(session, make_family(session))
        session.flush()

        found = select(LedgerEntry.name).where(LedgerEntry.subject_id == product.id)
        assert session.scalars(found).all() == ["catalogue.product.added"]

    @pytest.mark.parametrize(("left", "right"), [("GTXPro", "GTX Pro"), ("mg-one", "MG One")])
    def test_spellings_of_one_product_are_the_same(self, left, right):
        assert same_code(left) == same_code(right)


class TestPrices:
    def test_the_newest_list_of_a_currency_holds(self, session):
        product, other = make_product(session), make_product(session)
        publish(session, {product: 100, other: 5})
        publish(session, {product: 120}, on=date(2026, 2, 1))

        def found(on):
            prices = queries.current_prices(session, "CHF", on)
            return {p.product_id: p.unit_minor for p in prices}

        assert found(date(2025, 12, 31)) == {}
        assert found(date(2026, 1, 31)) == {product.id: 100, other.id: 5}
        assert found(date(2026, 2, 1)) == {product.id: 120}

    def test_products_no_longer_sold_have_no_price(self, session):
        product = make_product(session, is_active=False)
        publish(session, {product: 100})

        assert queries.current_prices(session, "CHF", date(2026, 3, 1)) == []

    def test_a_day_has_one_list(self, session):
        product = make_product(session)
        publish(session, {product: 100})

        with pytest.raises(ListExists):
            publish(session, {product: 100})

    @pytest.mark.parametrize(
        ("prices", "currency", "refusal"),
        [([], "CHF", NoPrices), ([-1], "CHF", NotAPrice), ([1], "XXY", UnknownCurrency),
         ([10**16], "CHF", NotAPrice)],
    )  # fmt: skip
    def test_an_impossible_list_is_refused(self, session, prices, currency, refusal):
        with pytest.raises(refusal):
            publish(session, {make_product(session): minor for minor in prices}, currency)
