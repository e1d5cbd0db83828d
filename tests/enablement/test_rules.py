"""What may be in the library, and what becomes of Markdown."""

import re
from datetime import date
from uuid import UUID

import pytest

from app.enablement.rules import (
    Award,
    checked_award,
    checked_content,
    html_of,
    is_live,
    reaches,
    slug_of,
)
from app.kernel.errors import Invalid
from tests.factories.enablement import content


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("# Begin", "<h2>Begin</h2>"),
        ("###### Deep", "<h2>Deep</h2>"),
        ("Read **this**.", "<p>Read <strong>this</strong>.</p>"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        ("[here](/deals)", '<p><a href="/deals" rel="noopener noreferrer">here</a></p>'),
    ],
)
def test_markdown_becomes_html_below_the_pages_own_heading(markdown, html):
    assert html_of(markdown).strip() == html


@pytest.mark.parametrize(
    "markdown",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,AAAA)",
        "![x](https://evil.example/pixel.gif)",
        '<a href="https://x.example" style="position:fixed" onclick="x()">x</a>',
        "<iframe src=https://evil.example></iframe>",
        "[x](vbscript:msgbox)",
        "<https://x.example/\u202e>",
    ],
)
def test_markdown_never_becomes_anything_that_acts(markdown):
    html = html_of(markdown).lower()

    for unsafe in ("<script", "<img", "<iframe", 'href="javascript', 'href="data', 'href="vb'):
        assert unsafe not in html
    assert "onclick=" not in html.replace("&quot;", '"').partition("&lt;")[0]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ((2, 3, 2), (2, 3, 2)),
        ((1, 3, 3, 2, 1), (2, 3, 3, 3, 2)),
        ((3, 2, 4), (2, 2, 3)),
        ((1, 2, 3, 4, 5, 6), (2, 3, 4, 5, 6, 6)),
    ],
)
def test_headings_begin_below_the_pages_own_and_leave_none_out(written, shown):
    html = html_of("\n\n".join(f"{'#' * level} x" for level in written))

    assert [int(level) for level in re.findall(r"<h(\d)>", html)] == list(shown)


def test_tables_are_kept():
    assert "<td>1</td>" in html_of("| a |\n|---|\n| 1 |")


@pytest.mark.parametrize(
    ("on", "live"),
    [
        (date(2025, 12, 31), False),
        (date(2026, 1, 1), True),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), False),
    ],
)
def test_a_certificate_holds_from_its_award_to_before_its_end(on, live):
    assert is_live(date(2026, 1, 1), date(2027, 1, 1), on) is live


@pytest.mark.parametrize(("held", "asked", "may"), [(1, None, True), (1, 2, False), (2, 2, True)])
def test_a_tier_opens_what_asks_for_it_or_for_less(held, asked, may):
    assert reaches(held, asked) is may


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"slug": ""}, "slug"),
        ({"slug": "../etc"}, "slug"),
        ({"slug": "Über"}, "slug"),
        ({"title": " "}, "title"),
        ({"body": "x" * 60_001}, "body"),
    ],
)
def test_content_that_cannot_be_is_refused_by_its_field(over, field):
    with pytest.raises(Invalid) as refused:
        checked_content(content(**over))

    assert [error.field for error in refused.value.errors] == [field]


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"subject": ""}, "subject"),
        ({"holder": ""}, "user_id"),
        ({"valid_until": date(2026, 1, 1)}, "valid_until"),
    ],
)
def test_an_award_that_cannot_be_is_refused_by_its_field(over, field):
    values = {"partner_id": UUID(int=404), "subject": "Sales", "holder": "Ada"}
    days = {"awarded_on": date(2026, 1, 1), "valid_until": date(2027, 1, 1)}

    with pytest.raises(Invalid) as refused:
        checked_award(Award(**{**values, **days, **over}))

    assert [error.field for error in refused.value.errors] == [field]


@pytest.mark.parametrize(
    ("title", "slug"), [("How to sell?", "how-to-sell"), ("--", ""), ("Ärger & Co", "rger-co")]
)
def test_a_title_suggests_an_address(title, slug):
    assert slug_of(title) == slug
