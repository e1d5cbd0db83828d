"""Files of several contracts: each comes out as it does alone, on one processor or on several."""

import json

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from app.cli.revenue import commands, many
from app.cli.revenue.recognised import json_of
from tests.revenue.recognition.refused import ALLOCATION, SCHEDULE

WORK = {
    "transaction_price": 1200,
    "obligations": [{"id": "work", "pattern": "cost_to_cost", "expected_cost": 600}],
    "events": [{"type": "cost", "on": "2026-01-31", "amount": 90}],
}


@pytest.fixture
def run(tmp_path):
    def runner(content, *options):
        file = tmp_path / "contracts.json"
        file.write_text(json.dumps(content))
        return CliRunner().invoke(commands, ["recognise", str(file), *options])

    return runner


@pytest.fixture(params=["one process", "several"])
def _processes(request, monkeypatch):
    """Make blocks small, so that there are several, and share them out or not."""
    monkeypatch.setattr(many, "BLOCK", 2)
    monkeypatch.setattr(many, "ALONE", 2)
    if request.param == "one process":
        monkeypatch.setattr(many, "_may_fork", lambda: False)


@pytest.mark.usefixtures("_processes")
@pytest.mark.parametrize("options", [(), ("--explain",), ("--as-of", "2019-01-20")])
def test_each_contract_comes_out_as_it_does_alone(run, options):
    several = [SCHEDULE, ALLOCATION, WORK, SCHEDULE, ALLOCATION]

    printed = json.loads(run({"documents": several}, *options).stdout)

    assert printed == [json.loads(run(each, *options).stdout) for each in several]


@pytest.mark.usefixtures("_processes")
def test_a_list_is_printed_as_json_prints_it(run):
    printed = run([SCHEDULE, ALLOCATION, WORK]).stdout

    assert printed == json.dumps(json.loads(printed), indent=2) + "\n"


@pytest.mark.usefixtures("_processes")
@pytest.mark.parametrize("form", ["csv", "text"])
def test_other_forms_stand_one_below_the_other(run, form):
    alone = [run(each, "--format", form).stdout for each in (SCHEDULE, WORK, ALLOCATION)]
    together = run([SCHEDULE, WORK, ALLOCATION], "--format", form).stdout

    if form == "text":
        assert together == "\n".join(alone)
        return
    header, *rows = together.splitlines()
    wanted = [each.splitlines()[1:] for each in alone]
    numbered = [
        row.replace("1,", f"{number},", 1)
        for number, found in enumerate(wanted, start=1)
        for row in found
    ]
    assert (header, rows) == (alone[0].splitlines()[0], numbered)


@pytest.mark.usefixtures("_processes")
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ([SCHEDULE] * 4 + [{"foo": 1}], "[4]: “foo” is not known here"),
        ({"documents": [SCHEDULE] * 3 + [{"foo": 1}]}, "documents[3]: “foo” is not known here"),
        (
            [SCHEDULE] * 3 + [{"transaction_price": 1, "obligations": {"a": 0, "b": 0}}],
            "[3].obligations: The total standalone selling price cannot be zero",
        ),
        (
            [SCHEDULE] * 3 + [SCHEDULE | {"id": "\ud800"}],
            "[3]: A text holds half of a pair of code units, which is no character",
        ),
        (SCHEDULE | {"id": "\ud800"}, "A text holds half of a pair of code units"),
        ({"documents": []}, "documents: At least 1 is needed here"),
        ({"documents": {}}, "documents: A list is needed here"),
    ],
)
def test_one_that_cannot_be_taken_is_named_and_nothing_is_printed(run, content, sentence):
    done = run(content)

    assert (done.exit_code, done.stdout) == (2, "")
    assert f"contracts.json: {sentence}" in done.stderr
    assert done.stderr.count("\n") == 1


leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=5)


@given(
    st.recursive(
        leaves,
        lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=3), each),
        max_leaves=12,
    )
)
def test_json_is_written_as_json_writes_it(value):
    assert json_of(value) == json.dumps(value, indent=2, ensure_ascii=False)
