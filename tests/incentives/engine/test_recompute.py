"""`recompute` knows nothing of the engine, and finds every amount that does not follow."""

import ast
import json
from copy import deepcopy
from pathlib import Path

import pytest

from app.incentives.engine.plan import Mode
from tests.incentives.engine.page import PAGE, calculated, call, case_rows, file_of, rate_rows

ENGINE = Path(PAGE.parents[2] / "app" / "incentives" / "engine")


@pytest.mark.parametrize("name", ["recompute.py", "retables.py"])
def test_it_imports_nothing_of_the_calculation(name):
    tree = ast.parse((ENGINE / name).read_text())
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

    ours = {module for module in imported if module and module.startswith("app.")}
    assert ours <= {
        "app.incentives.engine.lines",
        "app.incentives.engine.retables",
        "app.kernel.currencies",
        "app.kernel.errors",
    }


@pytest.fixture
def result(tmp_path):
    """A result of one line: 5 % of 90,000, half of it the partner's."""
    rates = {"mode": "marginal", "reset": "year", "brackets": [{"from": 0, "rate": "5%"}]}
    given, _ = file_of({"rates": rates, "share": "credit"}, {}, "2026-02-01 booked 90000 share=50%")
    return calculated(tmp_path, given)


def changed(result, *path_and_value):
    """Return the result with one value of its line changed."""
    *path, value = path_and_value
    copy = deepcopy(result)
    inner = copy["lines"][0]
    for key in path[:-1]:
        inner = inner[key]
    assert inner[path[-1]] != value
    inner[path[-1]] = value
    return copy


def test_a_line_that_follows_is_agreed_with(tmp_path, result):
    done = call(tmp_path, "recompute", result)

    assert (done.exit_code, result["totals"]) == (0, {"EUR": "2250.00"})
    assert done.stdout == "1 lines agree with their traces, and the totals with them.\n"


@pytest.mark.parametrize(
    "change",
    [
        ("amount", "2250.01"),
        ("minor", 225_001),
        ("trace", "event", "credited_minor", 4_500_100),
        ("trace", "table", "brackets", 0, "rate", "0.06"),
        ("trace", "table", "mode", "growth"),
        ("trace", "caps", [{"limit": 100, "used": "0"}]),
        ("trace", "base", "caps", [{"limit": 100, "used": "0"}]),
        ("trace", "holdback", {"share": "0.5", "part": "main", "whole": 225_000}),
    ],
)
def test_a_line_that_does_not_follow_is_named(tmp_path, result, change):
    done = call(tmp_path, "recompute", changed(result, *change))

    assert (done.exit_code, done.stdout) == (1, "")
    assert "0.json: lines[0]: It says EUR 2250.0" in done.stderr


def test_a_total_that_does_not_follow_is_named(tmp_path, result):
    done = call(tmp_path, "recompute", result | {"totals": {"EUR": "2250.01"}})

    assert done.exit_code == 1
    assert "totals.EUR: It says 2250.01, and the traces come to 2250.00" in done.stderr


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ({}, "lines: A result of calculate as JSON is needed"),
        ({"lines": [{}]}, "lines[0].trace: It is missing; calculate with --explain"),
        ({"lines": [{"amount": "1", "currency": "EUR", "trace": {}}]}, "lines[0].trace: Cannot be"),
    ],
)
def test_what_is_no_result_is_refused(tmp_path, content, sentence):
    done = call(tmp_path, "recompute", content)

    assert (done.exit_code, done.stdout) == (2, "")
    assert sentence in done.stderr


def test_the_worked_cases_have_traces_of_every_kind_and_mode(tmp_path):
    files = [(given, as_of) for _, given, as_of, _ in case_rows()]
    files += [
        file_of({"rates": rates}, {}, f"2026-02-01 booked {base}") for rates, base, _ in rate_rows()
    ]
    traces = [
        line["trace"]
        for given, as_of in files
        for line in calculated(tmp_path, given, *(("--as-of", as_of) if as_of else ()))["lines"]
    ]

    assert {trace["kind"] for trace in traces} == {"earned", "reversed", "draw"}
    assert {trace["table"]["mode"] for trace in traces if "table" in trace} == {*Mode}
    assert all(json.dumps(trace) for trace in traces)


def test_a_total_in_no_currency_is_refused(tmp_path, result):
    done = call(tmp_path, "recompute", result | {"totals": {"EUX": "1.00"}})

    assert (done.exit_code, done.stdout) == (2, "")
    assert "“EUX” is not a currency code" in done.stderr
