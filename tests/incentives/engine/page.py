"""The tables of docs/algorithms/incentives.md as files for the command, and what it prints."""

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from app.cli.incentives import commands

PAGE = Path(__file__).resolve().parents[3] / "docs" / "algorithms" / "incentives.md"
RATES = re.compile(r"^\| `(\{.*\})` \| ([\d,]+) \| ([\d,]+) \|$", re.MULTILINE)
CASES = re.compile(
    r"^\| ([^|`]+) \| `(.+?)` \| `(\{.*?\})` \| (\d{4}-.+?) \| (.+?) \|$", re.MULTILINE
)
TIERS = {"nord": "gold", "sued": "silver", "west": "bronze"}
LISTS = {"roles", "routes"}
NUMBERS = {"quantity", "contract_months"}
Document = dict[str, Any]


def call(tmp_path: Path, verb: str, *documents: Any, options: tuple[str, ...] = ()) -> Result:
    """Run a command on documents, each in a file of its own."""
    files = []
    for number, document in enumerate(documents):
        files.append(tmp_path / f"{number}.json")
        text = document if isinstance(document, str) else json.dumps(document)
        files[-1].write_text(text)
    return CliRunner().invoke(commands, [verb, *map(str, files), *options])


def calculated(tmp_path: Path, document: Document, *options: str) -> Document:
    """Return what calculate prints as JSON, after recompute has agreed with every line."""
    asked = ("--format", "json", "--explain", *options)
    done = call(tmp_path, "calculate", document, options=asked)
    assert done.exit_code == 0, done.output
    again = call(tmp_path, "recompute", done.stdout)
    assert again.exit_code == 0, again.output
    result: Document = json.loads(done.stdout)
    return result


def rate_rows() -> list[tuple[Document, str, str]]:
    """Return rates, base and amount of each row of the table of modes."""
    return [
        (json.loads(rates), base.replace(",", ""), pays.replace(",", ""))
        for rates, base, pays in RATES.findall(PAGE.read_text())
    ]


def case_rows() -> list[tuple[str, Document, str, list[str]]]:
    """Return title, file, as-of day and lines of each worked case."""
    found = []
    for title, component, plan, events, lines in CASES.findall(PAGE.read_text()):
        document, as_of = file_of(json.loads(component), json.loads(plan), events)
        found.append((title, document, as_of, [each.strip() for each in lines.split(";")]))
    return found


def file_of(component: Any, plan: Document, events: str) -> tuple[Document, str]:
    """Return a file for calculate, and the day that the events name last."""
    *told, last = [each.strip() for each in events.split(";")]
    as_of = last.removeprefix("as of ") if last.startswith("as of ") else ""
    found = [event(index, each) for index, each in enumerate(told if as_of else [*told, last])]
    components = component if isinstance(component, list) else [component]
    usual = {"code": "c", "title": "C", "basis": "booked"}
    document = {
        "plans": {
            "code": "plan",
            "version": 1,
            "title": "Plan",
            "currency": "EUR",
            "effective": {"from": "2026-01-01"},
            "components": [usual | each for each in components],
            **plan,
        },
        "partners": [
            {"id": partner, "programme": "reseller", "tier": TIERS[partner]}
            for partner in sorted({each["partner"] for each in found})
        ],
        "events": found,
    }
    return document, as_of


def event(index: int, text: str) -> Document:
    """Return an event of its short form: day, kind, amount and members."""
    day, kind, *rest = text.split()
    made: Document = {"key": f"e{index}", "kind": kind, "on": day, "partner": "nord"}
    if kind != "certification_lapsed":
        made |= {"order": "o", "amount": rest.pop(0), "currency": "EUR"}
    for name, value in (each.split("=") for each in rest):
        made[name] = [value] if name in LISTS else int(value) if name in NUMBERS else value
    return made


def shown(line: Document, expected: str) -> str:
    """Return a line as the page says it, with partner and gate where the page names them."""
    amount = Decimal(line["amount"])
    text = f"{amount:f}".rstrip("0").rstrip(".") if amount % 1 else f"{int(amount)}"
    if not expected[0].isdigit() and expected[0] != "-":
        text = f"{line['partner']} {text}"
    if " from " in expected:
        assert line["gate"] is None
        text += f" from {line['payable_from']}"
    if " waits " in expected:
        gate = line["gate"]
        text += f" waits {gate['code']}" + (f" until {gate['until']}" if gate["until"] else "")
    return text
