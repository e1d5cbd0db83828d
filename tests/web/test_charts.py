"""Charts: safe under our policy, named, and the same on paper."""

import io
import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from app.web import charts, svg
from app.web.charts import Look, bars, lines, sparkline, stacked_bars, waterfall
from app.web.pdf import render_pdf

ROWS = [
    {"month": month, "kind": kind, "amount": Decimal(amount)}
    for month, amount in (("Jan", 100), ("Feb", 200))
    for kind in ("Sourced", "Influenced <b>&")
]
STEPS = [{"why": "New", "amount": 300}, {"why": "Lost", "amount": -100}]


def pictures() -> dict[str, str]:
    fields: dict[str, Any] = {"x": "month", "y": "amount", "title": "Partners & <we> sold more"}
    return {
        "bars": bars(ROWS, colour="kind", **fields),
        "lying": bars(ROWS, look=Look(is_lying=True, unit="EUR"), **fields),
        "stacked": stacked_bars(ROWS, colour="kind", look=Look(unit="EUR"), **fields),
        "lines": lines(ROWS, colour="kind", **fields),
        "shares": lines(ROWS, look=Look(is_share=True), **fields),
        "waterfall": waterfall(STEPS, x="why", y="amount", title="x", total="End"),
    }


@pytest.fixture(scope="module", params=list(pictures()))
def picture(request: pytest.FixtureRequest) -> str:
    return pictures()[request.param]


class TestEveryChart:
    @pytest.mark.parametrize("never", ["style=", "<style", "<script", "href", "onclick", "Sans"])
    def test_holds_nothing_our_policy_forbids(self, picture: str, never: str) -> None:
        assert never not in picture

    def test_is_a_named_picture(self, picture: str) -> None:
        assert picture.startswith("<svg")
        assert 'role="img"' in picture
        assert "<title>" in picture

    def test_takes_its_colours_from_the_page(self, picture: str) -> None:
        assert "currentColor" in picture
        assert "series-1" in picture or "line-1" in picture
        assert "#000" not in picture


def test_a_title_and_names_are_text() -> None:
    drawn = pictures()["stacked"]

    assert "<title>Partners &amp; &lt;we&gt; sold more</title>" in drawn
    assert "Influenced &lt;b&gt;&amp;" in drawn


def test_an_empty_table_gives_an_empty_chart() -> None:
    assert bars([], x="month", y="amount", title="x").startswith("<svg")


def test_a_waterfall_ends_where_its_steps_lead() -> None:
    assert ">End</text>" in waterfall(STEPS, x="why", y="amount", title="x", total="End")


def test_a_chart_prints_in_a_document() -> None:
    html = f"<html lang=en><body class=paper><p>x</p>{pictures()['stacked']}"
    printed = render_pdf(html, title="x", created_at=datetime(2026, 1, 1, tzinfo=UTC))

    assert "Sourced" in PdfReader(io.BytesIO(printed)).pages[0].extract_text()


def test_a_sparkline_needs_no_child() -> None:
    assert 'points="0.0,22.0 48.0,2.0 96.0,12.0"' in sparkline([1, 3, 2], label="Three months")
    assert sparkline([1]) == ""


class TestDraw:
    def test_draws_one_specification_once(self) -> None:
        pictures()
        before = charts._drawn.cache_info().misses
        pictures()

        assert charts._drawn.cache_info().misses == before

    def test_says_so_where_it_cannot_draw(self, caplog: pytest.LogCaptureFixture) -> None:
        assert "could not be drawn" in charts.draw({"mark": 1}, title="x")
        assert len(caplog.records) == 1

    def test_fetches_nothing(self) -> None:
        spec = {"data": {"url": "http://127.0.0.1:9/x.json"}, "mark": "bar"}

        assert "could not be drawn" in charts.draw(spec, title="x")

    @pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # from Python 3.12 on
    def test_draws_in_a_forked_process(self) -> None:
        pictures()
        pid = os.fork()
        if pid == 0:
            drawn = bars(STEPS, x="why", y="amount", title=f"in {os.getpid()}")
            charts.PRINTER.stop()
            os._exit(0 if drawn.startswith("<svg") else 1)

        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0

    def test_draws_for_several_threads(self) -> None:
        drawn: list[str] = []
        threads = [
            threading.Thread(target=lambda n=n: drawn.append(charts.draw(_spec(n), title="x")))
            for n in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len({each for each in drawn if each.startswith("<svg")}) == 4


def _spec(number: int) -> charts.Spec:
    values = [{"n": number, "m": n} for n in range(number + 2)]
    encoding = {"x": {"field": "m", "type": "nominal"}}
    return {"data": {"values": values}, "mark": "bar", "encoding": encoding}


class TestKeepIn:
    @pytest.fixture(autouse=True)
    def folder(self, tmp_path: Path) -> Iterator[Path]:
        charts.keep_in(tmp_path / "charts")
        yield tmp_path / "charts"
        charts.keep_in(None)

    def test_finds_a_chart_of_another_process(self, folder: Path) -> None:
        first = bars(STEPS, x="why", y="amount", title="kept")
        charts._drawn.cache_clear()
        (kept,) = folder.iterdir()
        kept.write_text("<svg>kept</svg>")

        assert first.startswith("<svg")
        assert bars(STEPS, x="why", y="amount", title="kept") == "<svg>kept</svg>"


def test_a_library_that_takes_the_empty_prefix_does_no_harm():
    from xml.etree import ElementTree

    ElementTree.register_namespace("", "urn:iso:std:iso:20022:tech:xsd:pain.001.001.03")
    try:
        drawn = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><g/></svg>'
        made = svg.fit(drawn, title="One", mark="a", colours=())
    finally:
        ElementTree.register_namespace("", "http://www.w3.org/2000/svg")

    assert made.startswith('<svg xmlns="http://www.w3.org/2000/svg"')
    assert "ns0" not in made
