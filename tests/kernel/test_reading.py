"""Documents: what a value is read as, and the sentence where it cannot be."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

import pytest

from app.kernel.reading import DocumentRefused, Node


class Model(StrEnum):
    FIRST = "first"
    TIME_DECAY = "time-decay"


def node(value):
    return Node(value, "plan.model")


@pytest.mark.parametrize("written", ["time-decay", "time_decay", "Time Decay", " TIME-DECAY "])
def test_a_word_is_read_in_capitals_and_with_any_hyphen(written):
    assert node(written).choice(Model) is Model.TIME_DECAY
    assert node(written).word("first", "time-decay") == "time-decay"


@pytest.mark.parametrize("written", ["timedecay", "", "last", 7, None, True, ["first"]])
def test_any_other_word_is_refused_with_those_that_are_known(written):
    with pytest.raises(DocumentRefused) as refusal:
        node(written).choice(Model)

    assert refusal.value.sentence == "plan.model: One of first, time-decay is needed here."


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (0, Fraction(0)),
        ("5%", Fraction(1, 20)),
        ("0.05", Fraction(1, 20)),
        (Decimal("0.05"), Fraction(1, 20)),
        ("1/3", Fraction(1, 3)),
    ],
)
def test_a_number_is_exact(written, read):
    assert node(written).exact() == read


@pytest.mark.parametrize("written", [0.5, True, None, "five", "1/0", "NaN", "Infinity", [], "-1"])
def test_what_is_no_number_is_refused(written):
    with pytest.raises(DocumentRefused):
        node(written).exact()


def test_a_key_by_another_name_keeps_the_path_that_was_written():
    found = Node({"begins": "2026-03-31"}, "plan").keys(("start",), also={"begins": "start"})

    assert found["start"].day() == date(2026, 3, 31)
    assert found["start"].path == "plan.begins"


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ({}, "plan: “start” is missing."),
        ({"start": 1, "end": 2}, "plan: “end” is not known here; known are start."),
        ({"start": 1, "begins": 2}, "plan: “start” is there twice: “begins” says it again."),
        ([], "plan: An object with named values is needed here."),
    ],
)
def test_an_object_is_refused_in_a_sentence(document, sentence):
    with pytest.raises(DocumentRefused) as refusal:
        Node(document, "plan").keys(("start",), also={"begins": "start"})

    assert refusal.value.sentence == sentence
