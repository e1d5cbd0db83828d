"""Every number of docs/algorithms/incentives.md, through the command."""

import json
import re
from datetime import date

import pytest

from app.incentives.engine.plan import Mode
from tests.incentives.engine.page import (
    PAGE,
    calculated,
    call,
    case_rows,
    file_of,
    rate_rows,
    shown,
)

pytestmark = pytest.mark.usefixtures("either_way")
RATES, CASES = rate_rows(), case_rows()
STEADY = [row for row in RATES if row[0]["mode"] not in ("flat", "age", "next_sale")]


def test_the_page_works_every_mode():
    assert {rates["mode"] for rates, _, _ in RATES} == {*Mode}


def test_every_row_of_the_page_is_read():
    lines = PAGE.read_text().splitlines()
    rows = [line for line in lines if re.match(r"\| `\{\"mode\"", line)]
    cases = [line for line in lines if re.match(r"\| [^|]+ \| `[\[{].*` \| `\{", line)]

    assert (len(rows), len(cases)) == (len(RATES), len(CASES))
    assert len(cases) > 40


@pytest.mark.parametrize(("rates", "base", "pays"), RATES)
def test_one_sale_pays_what_the_table_says(tmp_path, rates, base, pays):
    document, _ = file_of({"rates": rates}, {}, f"2026-02-01 booked {base}")

    lines = calculated(tmp_path, document)["lines"]

    assert [line["amount"] for line in lines] == [f"{pays}.00"]


@pytest.mark.parametrize(("rates", "base", "pays"), STEADY)
def test_many_small_sales_add_up_to_the_same(tmp_path, rates, base, pays):
    days = [date(2026, 2, 1 + n).isoformat() for n in range(10)]
    events = "; ".join(f"{day} booked {int(base) // 10}" for day in days)
    document, _ = file_of({"rates": rates}, {}, events)

    assert calculated(tmp_path, document)["totals"] == {"EUR": f"{pays}.00"}


@pytest.mark.parametrize(("title", "document", "as_of", "expected"), CASES)
def test_a_worked_case_gives_the_lines_that_the_page_says(
    tmp_path, title, document, as_of, expected
):
    result = calculated(tmp_path, document, *(("--as-of", as_of) if as_of else ()))

    found = [shown(line, text) for line, text in zip(result["lines"], expected, strict=False)]
    assert found == expected, title
    assert len(result["lines"]) == len(expected), title


def test_the_example_file_of_the_page_can_be_calculated(tmp_path):
    example = json.loads(PAGE.read_text().split("```json\n")[1].split("```")[0])

    lines = calculated(tmp_path, example)["lines"]

    assert [line["amount"] for line in lines] == ["4500.00", "3500.00"]
    assert call(tmp_path, "check", example).exit_code == 0
