"""Small pieces of markup: what others chose is escaped, whatever was shown before."""

from datetime import UTC, date, datetime

import pytest
from markupsafe import Markup

from app.access.rules import Role
from app.deals.rules import DealState
from app.kernel.money import Money
from app.web import pieces
from app.web.menu import menu_of


@pytest.fixture(autouse=True)
def request_of_nobody(portal, session):
    with portal.test_request_context():
        yield


def test_a_badge_takes_its_tone_from_its_state():
    assert pieces.badge(DealState.APPROVED) == '<span class="badge good">Approved</span>'
    assert pieces.badge("Action required") == '<span class="badge warn">Action required</span>'
    assert pieces.badge("draft", tone="info", text="Yours") == (
        '<span class="badge info">Yours</span>'
    )


def test_a_badge_escapes_text_even_where_the_same_was_shown_as_markup():
    assert "<b>" in pieces.badge("draft", text=Markup("<b>"))
    assert "<b>" not in pieces.badge("draft", text="<b>")


def test_amounts_mark_a_minus():
    assert pieces.figure(-150, "EUR") == '<span class="money minus">-1.50</span>'
    assert pieces.minor(-150, "EUR") == '<span class="money minus">EUR\u00a0-1.50</span>'
    assert pieces.money(Money(150, "EUR")) == '<span class="money">EUR\u00a01.50</span>'
    assert pieces.money(None) == pieces.minor(None, "EUR") == '<span class="quiet">–</span>'


def test_moments_and_days_are_said_to_machines_too():
    at = datetime(2026, 3, 3, 14, 5, 9, 123, UTC)

    assert pieces.moment(at) == (
        '<time datetime="2026-03-03T14:05:09+00:00">3 Mar 2026, 14:05</time>'
    )
    assert pieces.day(date(2026, 3, 3)) == '<time datetime="2026-03-03">3 Mar 2026</time>'


def test_facts_without_a_value_are_left_out_and_the_others_escaped():
    written = pieces.facts([("A", None), ("B", ""), ("<C>", "<d>", '/"'), ("E", 0, "")], wide=True)

    assert written == (
        '<dl class="facts wide"><div><dt>&lt;C&gt;</dt>'
        '<dd><a href="/&#34;">&lt;d&gt;</a></dd></div><div><dt>E</dt><dd>0</dd></div></dl>'
    )


@pytest.mark.parametrize("role", list(Role))
def test_the_menu_leads_where_the_role_may_go(portal, role):
    with portal.test_request_context("/deals"):
        menu = menu_of(portal)(role)

    assert ('href="/users"' in menu) == (role is Role.ADMIN)
    assert menu.count('aria-current="page"') == 1
    assert '<a href="/deals" aria-current="page">' in menu
