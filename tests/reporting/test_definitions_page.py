"""The page of definitions is made from the registry."""

import re

import pytest

from app.access.rules import Role
from app.reporting.metrics import METRICS
from app.reporting.rules import glossary

PAGE = "/revenue/definitions"


@pytest.fixture
def analyst(sign_in, user):
    return sign_in(user(Role.ANALYST))


def anchors(text):
    return re.findall(r'<article id="(\w+)"', text)


def test_shows_every_metric_under_its_name(analyst):
    shown = analyst.get(PAGE)

    assert shown.status_code == 200
    assert sorted(anchors(shown.text)) == sorted(METRICS)
    assert "(start + expansion - contraction - churn) / start" in shown.text


def test_finds_the_metrics_that_have_all_of_the_words(analyst):
    shown = analyst.get(f"{PAGE}?q=Retention+GROSS")

    assert anchors(shown.text) == ["grr"]


@pytest.mark.parametrize("words", ["no such number", "x" * 5000])
def test_says_where_there_is_nothing_of_that_name(analyst, words):
    shown = analyst.get(f"{PAGE}?q={words}")

    assert shown.status_code == 200
    assert "Nothing of that name" in shown.text


def test_the_revenue_page_links_to_definitions_that_are_there(analyst):
    shown = analyst.get("/revenue")

    linked = re.findall(rf"{PAGE}#(\w+)", shown.text)
    assert set(linked) <= set(METRICS)


def test_areas_stand_in_the_order_of_the_design():
    assert [area.value for area in glossary()] == [
        "funnel", "pipeline", "forecast", "revenue", "efficiency", "partner", "service",
    ]  # fmt: skip
