"""Ecosystem revenue: each number equals a second computation from what was made, and its rows."""

import csv
import io
import re
from collections import defaultdict
from dataclasses import replace
from fractions import Fraction
from itertools import product
from uuid import UUID

import pytest

from app.access.rules import Role
from app.attribution.rules import CreditClass
from app.kernel.money import allocate
from app.kernel.period import Days, month_of
from app.reporting import queries
from app.reporting.metrics.contribution import assisted, direct, flagged
from app.reporting.queries import Asked
from app.reporting.rules import Measure, Route
from tests.reporting.conftest import FIRST, LAST

YEAR = Days(FIRST, FIRST.replace(year=2026))
FLAGS = (CreditClass.SOURCED, CreditClass.INFLUENCED, CreditClass.FULFILLED)


@pytest.fixture
def analyst(sign_in, user):
    return sign_in(user(Role.ANALYST))


def asked(measure=Measure.BOOKED, currency="EUR", days=YEAR, **more):
    return Asked(measure, days, currency, **more)


def papers_of(made, question):
    """Return order and amount of each paper that the question is about, counted by hand."""
    return [
        (order, minor)
        for order in made
        for on, minor in order.papers[question.measure]
        if order.currency == question.currency and question.days.contains(on)
    ]


def routes_of(papers):
    """Return the sum of each route, by the definitions of the metrics."""
    amounts = [Fraction(minor) for _, minor in papers]
    flags = [[order.is_(one) for order, _ in papers] for one in FLAGS]
    return {
        Route.SOURCED: flagged(amounts, flags[0]).value,
        Route.ASSISTED: assisted(amounts, *flags).value,
        Route.DIRECT: direct(amounts, *flags).value,
    }


@pytest.mark.parametrize("question", [asked(*each) for each in product(Measure, ("EUR", "GBP"))])
def test_every_sum_is_what_its_definition_gives(session, made, question):
    papers = papers_of(made, question)
    rows = queries.by_month(session, question)
    found: dict[Route, int] = defaultdict(int)
    for row in rows:
        found[row.route] += row.minor

    flags = [order.is_(CreditClass.INFLUENCED) for order, _ in papers]
    influenced = flagged([Fraction(minor) for _, minor in papers], flags).value
    assert {route: found[route] for route in Route} == routes_of(papers)
    assert sum(row.influenced_minor for row in rows) == influenced
    assert queries.ladder(session, question)[question.measure] == sum(m for _, m in papers)


@pytest.mark.parametrize("measure", list(Measure))
def test_a_month_is_the_sum_of_its_days_and_a_route_of_its_rows(session, made, measure):
    for row in queries.by_month(session, asked(measure)):
        month = asked(measure, days=month_of(row.month))
        behind = queries.all_rows(session, replace(month, route=row.route))

        assert row.minor == routes_of(papers_of(made, month))[row.route]
        assert row.minor == sum(one.minor for one in behind)
        assert row.documents == len(behind)


@pytest.mark.parametrize("measure", list(Measure))
def test_each_partner_has_its_share_of_every_document(session, made, measure):
    for credit_class in CreditClass:
        question = asked(measure, credit_class=credit_class)
        expected: dict[UUID | None, int] = defaultdict(int)
        for order, minor in papers_of(made, question):
            parties = sorted(order.credits.get(credit_class, ()), key=largest_first)
            parts = allocate(minor, [weight for _, weight in parties]) if parties else ()
            for (partner, _), part in zip(parties, parts, strict=True):
                expected[partner] += part
        expected.pop(None, None)  # what the vendor keeps is no partner's

        found = {one.partner_id: one.minor for one in queries.by_partner(session, question)}
        assert found == expected


def largest_first(party):
    partner, weight = party
    return -weight, partner is None, str(partner)


class TestPage:
    def test_shows_the_sums_with_a_link_to_their_rows(self, analyst, made):
        shown = analyst.get("/revenue?from=2025-01&until=2025-12&currency=EUR").text

        for route, minor in routes_of(papers_of(made, asked())).items():
            assert f"{int(minor) / 100:,.2f}" in shown
            assert re.search(rf'href="/revenue/rows\?[^"]*route={route}', shown)

    def test_says_what_its_numbers_mean(self, analyst, made):
        del made
        shown = analyst.get("/revenue").text

        for name in (*Measure, *Route, "influenced"):
            assert f"/revenue/definitions#{name}" in shown
        assert "Orders without any partner&#39;s credit." in shown

    def test_rows_of_one_partner_are_those_it_is_credited_in(self, analyst, session, made):
        partner = queries.by_partner(session, asked())[0].partner_id
        answer = analyst.get(f"/revenue/rows.csv?from=2025-01&until=2025-12&partner={partner}")

        rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
        expected = sorted(
            order.number
            for order, _ in papers_of(made, asked())
            if partner in [who for who, _ in order.credits.get(CreditClass.SOURCED, ())]
        )
        assert sorted(row["Order"] for row in rows) == expected

    def test_a_period_without_documents_shows_zero_and_no_share(self, analyst, made):
        del made
        shown = analyst.get("/revenue?from=2020-01&until=2020-12").text

        assert "Nothing was booked in EUR in this period" in shown
        assert LAST.isoformat() not in shown
