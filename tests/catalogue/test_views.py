"""Pages of the catalogue."""

import pytest

from app.access.rules import Role
from app.catalogue import queries
from app.catalogue.models import PriceList, Product
from tests.factories.catalogue import make_family, make_price, make_product


@pytest.fixture
def finance(sign_in, user):
    return sign_in(user(Role.FINANCE))


def posted_list(product, **over):
    given = {"name": "Spring", "currency": "JPY", "valid_from": "2026-01-01"}
    return {**given, "prices-0-product_id": product.id, "prices-0-unit": "1250", **over}


class TestIndex:
    @pytest.mark.parametrize("role", list(Role))
    def test_shows_prices_to_everybody(self, session, sign_in, user, role):
        product = make_product(session)
        make_price(session, product, 123_456, "NOK")

        page = sign_in(user(role)).get("/catalogue").text

        assert product.name in page
        assert "1,234.56" in page

    def test_partners_are_offered_nothing_to_edit(self, sign_in, user):
        client = sign_in(user(Role.PARTNER_ADMIN))

        assert "/catalogue/products/new" not in client.get("/catalogue").text
        assert client.get("/catalogue/products/new").status_code == 404
        assert client.post("/catalogue/families", data={}).status_code == 404


class TestProducts:
    def given(self, family, **over):
        facts = {"code": "RX", "name": "Router", "family_id": family.id, "is_active": "y"}
        return {**facts, "version": 1, **over}

    def test_are_added(self, session, finance):
        answer = finance.post("/catalogue/products", data=self.given(make_family(session)))

        assert answer.status_code == 303
        assert session.query(Product).filter_by(code="RX").one().name == "Router"

    @pytest.mark.parametrize(
        "over", [{"code": ""}, {"code": "\x00;"}, {"name": "x" * 121}, {"family_id": "nobody"}]
    )
    def test_bad_input_is_refused_beside_its_field(self, session, finance, over):
        data = self.given(make_family(session), **over)
        answer = finance.post("/catalogue/products", data=data)

        assert answer.status_code == 422
        assert f'id="error-{next(iter(over))}"' in answer.text

    def test_a_stale_version_shows_both_values(self, session, finance):
        product = make_product(session)
        family = make_family(session)
        data = self.given(family, code=product.code, version=product.version + 1)

        answer = finance.post(f"/catalogue/products/{product.id}", data=data)

        assert answer.status_code == 409
        assert f"Stored now: {product.name}" in answer.text


class TestLists:
    def test_begins_with_todays_prices(self, session, finance):
        product = make_product(session)
        make_price(session, product, 9_900, "SEK")

        assert 'value="99.00"' in finance.get("/catalogue/lists/new?currency=SEK").text

    def test_is_published_in_its_own_currency(self, session, finance):
        product = make_product(session)

        answer = finance.post("/catalogue/lists", data=posted_list(product))

        assert answer.status_code == 303
        made = session.query(PriceList).filter_by(currency="JPY").one()
        assert queries.prices_of(session, made.id)[0].unit_minor == 1250
        assert finance.get(answer.location).status_code == 200

    @pytest.mark.parametrize(
        "over",
        [{"prices-0-unit": "12.5"}, {"prices-0-unit": "-1"}, {"prices-0-unit": "NaN"},
         {"prices-0-unit": ""}, {"currency": "XXX"}, {"valid_from": "31/12/2026"}, {"name": ""}],
    )  # fmt: skip
    def test_bad_input_is_refused(self, session, finance, over):
        answer = finance.post("/catalogue/lists", data=posted_list(make_product(session), **over))

        assert answer.status_code == 422

    def test_the_same_day_twice_is_refused(self, session, finance):
        product = make_product(session)
        finance.post("/catalogue/lists", data=posted_list(product))

        answer = finance.post("/catalogue/lists", data=posted_list(product))

        assert answer.status_code == 422
        assert "published already" in answer.text
