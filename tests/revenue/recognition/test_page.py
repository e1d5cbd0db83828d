"""The page docs/algorithms/recognition.md: its tables and documents are the engine's word."""

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest

from tests.revenue.recognition.build import column, revenue, run

DOCS = Path(__file__).resolve().parents[3] / "docs" / "algorithms"
PAGE = (DOCS / "recognition.md").read_text()
FOLDER = DOCS / "recognition"
EXAMPLES = re.findall(
    r"^\| ((?:ifrs|text|sub|closed|late)[a-z0-9-]+) \| (.+?) \| (.+?) \|$", PAGE, re.MULTILINE
)
SCHEDULES = re.findall(
    r"^\| (\w+) \| (\w+) \| ([\d.]+) \| (2\S+) \| (2\S+) \| (.+?) \|$", PAGE, re.MULTILINE
)
WRITTEN = re.findall(r"^```json\n(.+?)^```$", PAGE, re.MULTILINE | re.DOTALL)
NAMES = ("period", "obligation", "id", "account", "on")


def figure(data, path):
    """Return the figure that a path of names leads to."""
    for name in path.split("."):
        if isinstance(data, list):
            found = [each for each in data if name in [each.get(key) for key in NAMES]]
            if found:
                data = found if len(found) > 1 else found[0]
                continue
            (data,) = data
        if isinstance(data, dict) and data.get("obligation") == name:
            continue
        data = data[name]
    return data["amount"] if isinstance(data, dict) else data


def same(found, printed):
    try:
        return Decimal(found) == Decimal(printed.replace(",", ""))
    except ArithmeticError:
        return found == printed


def load(name):
    return json.loads((FOLDER / f"{name}.json").read_text(), parse_float=Decimal)


@pytest.mark.parametrize(("name", "path", "printed"), EXAMPLES)
def test_a_worked_example_comes_out_as_the_page_says(name, path, printed):
    assert same(figure(run(load(name)), path), printed)


def test_every_document_of_the_folder_is_worked_on_the_page():
    told = {name for name, *_ in EXAMPLES}

    assert told == {file.stem for file in FOLDER.glob("*.json")}


@pytest.mark.parametrize(("method", "remainder", "amount", "start", "end", "months"), SCHEDULES)
def test_a_schedule_comes_out_as_the_page_says(method, remainder, amount, start, end, months):
    schedule = {"amount": amount, "start": start, "end": end, "method": method}

    found = revenue({"schedule": schedule | {"remainder": remainder}})

    assert list(found.values()) == [Decimal(each) for each in months.split(", ")]
    assert sum(found.values()) == Decimal(amount)


def test_every_method_is_worked_on_the_page():
    told = {method for method, *_ in SCHEDULES}

    assert len(told) == 9


@pytest.mark.parametrize("written", WRITTEN)
def test_a_document_on_the_page_is_taken(written):
    document = json.loads(written, parse_float=Decimal)

    for each in document if isinstance(document, list) else [document]:
        assert run(each, explained=True)["explanation"]


def test_what_the_page_prints_of_a_schedule_is_what_comes_out():
    (printed,) = re.findall(r"^```jsonc\n(.+?)^```$", PAGE, re.MULTILINE | re.DOTALL)

    found = run(json.loads(WRITTEN[1]))
    for section, wanted in json.loads(printed).items():
        part = found[section]
        assert (part if isinstance(part, dict) else part[: len(wanted)]) == wanted


def test_the_whole_contract_of_the_page_comes_out_as_by_hand():
    document = json.loads(WRITTEN[4])

    found = run(document)
    allocated = {o["obligation"]: o["amount"] for o in found["allocation"]["obligations"]}
    # 12,600 by 6,000 : 4,800 : 1,500 of 12,300; without the bonus 12,000 by the same.
    assert allocated == {"licence": "6146.34", "support": "4917.07", "training": "1536.59"}
    assert revenue(document, "licence")["2026-01"] == Decimal("6146.34")
    assert revenue(document, "licence")["2026-05"] == Decimal("5853.66") - Decimal("6146.34")
    assert revenue(document, "training")["2026-03"] == Decimal("614.64")
    assert sum(revenue(document, "support").values()) == Decimal("4682.93")
    assert column(document, "receivable")["2026-02"] == 0


def test_the_concession_of_the_page_is_taken_back_at_once_and_then_evenly():
    (document,) = [json.loads(each) for each in WRITTEN if "goodwill" in each]

    found = revenue(document)
    assert (found["2026-06"], found["2026-07"], found["2026-08"]) == (100, 30, 90)
    assert sum(found.values()) == 1080
    assert column(document, "contract_liability")["2026-07"] == 450
    assert set(column(document, "refund_liability").values()) == {0}
