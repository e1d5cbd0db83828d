"""Bad input to the commands: one sentence with file, path and field, status 2, and nothing else."""

import json

import pytest

from tests.incentives.engine.page import call
from tests.incentives.engine.refused import CASES, good, more, part
from tests.incentives.engine.samples import event

pytestmark = pytest.mark.usefixtures("either_way")


def refused(done, sentence):
    """Whether a command was refused with one sentence about the file, and printed nothing."""
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "0.json: " in done.stderr
    assert sentence in done.stderr
    return True


def test_the_file_that_the_others_differ_from_is_fine(tmp_path):
    done = call(tmp_path, "calculate", good())

    assert (done.exit_code, done.stderr) == (0, "")
    assert "Total EUR\u00a0100.00" in done.stdout


@pytest.mark.parametrize(("change", "sentence"), CASES)
def test_a_file_that_cannot_be_true_is_refused(tmp_path, change, sentence):
    assert refused(call(tmp_path, "calculate", good() | change), sentence)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('"1000"', "NaN", "events[0].amount: NaN is not a number"),
        ('"1000"', "-Infinity", "events[0].amount: -Infinity is not a number"),
        ('"10%"', "Infinity", "plans[0].components[0].rates.rate: Infinity is not a number"),
        ('"rates": [', '"plans": 1, "rates": [', "“plans” is given twice in one object"),
        ('"partners"', '"partners', "line 1 is not JSON"),
    ],
)
def test_text_that_is_no_proper_json_is_refused(tmp_path, old, new, sentence):
    text = json.dumps(good()).replace(old, new, 1)

    assert refused(call(tmp_path, "calculate", text), sentence)


@pytest.mark.parametrize("verb", ["calculate", "check", "recompute"])
def test_a_file_that_is_not_there_is_refused(tmp_path, verb):
    done = call(tmp_path, verb, options=(str(tmp_path / "none.json"),))

    assert (done.exit_code, done.stdout) == (2, "")
    assert "none.json: there is no such file" in done.stderr


@pytest.mark.parametrize("day", ["2026-02-30", "soon", "2026-02-01T12:00:00", "9999-12-31"])
def test_an_as_of_that_is_none_is_refused(tmp_path, day):
    done = call(tmp_path, "calculate", good(), options=("--as-of", day))

    assert (done.exit_code, done.stdout) == (2, "")
    assert f"“{day}” is neither a day nor a moment" in done.stderr


def test_the_same_record_told_twice_counts_once_in_any_place(tmp_path):
    once = call(tmp_path, "calculate", good(), options=("--format", "json"))
    twice = good() | {"events": [*reversed(good()["events"]), *good()["events"]]}

    assert call(tmp_path, "calculate", twice, options=("--format", "json")).stdout == once.stdout


def test_a_correction_says_when_it_was_recorded(tmp_path):
    later = event("a", "booked", 900, recorded_at="2026-03-01T00:00:00Z")
    document = good() | more(later)

    before = call(tmp_path, "calculate", document, options=("--as-of", "2026-02-28"))
    after = call(tmp_path, "calculate", document)

    assert ("EUR\u00a0100.00" in before.stdout, "EUR\u00a090.00" in after.stdout) == (True, True)


def test_a_cancellation_in_a_file_of_cash_alone_is_taken_as_it_is(tmp_path):
    events = [event("c", "collected", 80), event("x", "cancelled", 80, "2026-03-01")]
    over = part(basis="collected", reversal={"mode": "full", "on": ["refunded", "cancelled"]})
    document = good() | over | {"events": events}

    done = call(tmp_path, "calculate", document, options=("--format", "json"))

    assert [line["amount"] for line in json.loads(done.stdout)["lines"]] == ["4.00", "-4.00"]


@pytest.mark.parametrize("word", ["certification_lapsed", "Certification-Lapsed"])
@pytest.mark.parametrize("key", ["kind", "type"])
def test_a_lapse_needs_no_order_however_it_is_written(tmp_path, key, word):
    told = {"key": "l", key: word, "on": "2026-03-01", "partner": "nord"}

    assert call(tmp_path, "calculate", good() | more(told)).exit_code == 0
