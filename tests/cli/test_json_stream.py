"""A large JSON object read member by member says and refuses what it does when it is held."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.cli import json_stream
from app.cli.files import BadFile, document_of

NUMBERS = st.integers() | st.decimals(allow_nan=False, allow_infinity=False, places=3).map(float)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.sampled_from(["events", "a", "b", "plans", "c"]), VALUES)
INDENTS = st.sampled_from([None, 1])
USUAL = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)


@pytest.fixture(params=[7, 100, 1 << 20])
def file(request, monkeypatch, tmp_path) -> Path:
    monkeypatch.setattr(json_stream, "CHUNK", request.param)
    return tmp_path / "told.json"


def streamed(file, known=None):
    found = {}
    for name, index, value in json_stream.members_of(file, known, ("events",)):
        if index is None:
            found[name] = value
        else:
            assert index == len(found[name])
            found[name].append(value)
    return found


def refusal(read, file):
    with pytest.raises(BadFile) as refused:
        read(file)
    return refused.value.message


@USUAL
@given(told=OBJECTS, indent=INDENTS)
def test_the_members_are_those_of_the_document(file, told, indent):
    file.write_text(json.dumps(told, indent=indent))

    assert streamed(file) == document_of(file)


@USUAL
@given(told=OBJECTS, indent=INDENTS, data=st.data())
def test_a_text_with_a_fault_anywhere_is_refused_in_the_same_words(file, told, indent, data):
    text = json.dumps(told, indent=indent)
    at = data.draw(st.integers(1, len(text)))
    file.write_text(text[:at] + data.draw(st.sampled_from(["", "}", '"', "x", ",", "]"])))
    try:
        document_of(file)
    except BadFile:
        assert refusal(streamed, file) == refusal(document_of, file)


@pytest.mark.parametrize(
    "text",
    [
        '{"events": [{"a": 1}, {"a": NaN}]}',
        '{"a": {"b": [1, -Infinity]}}',
        '{"events": [{"a": 1, "a": 2}]}',
        '{"a": 1, "b": 2, "a": 3}',
        '{"events": [1, 2],\n"a": 1} 5',
        '{"events": [1, 2],\n\n}',
        '{"events": [1 2]}',
        '{"events"; 1}',
        "{",
        "",
        '{"a": ' + "[" * 200_000,
        '{"a": ' + "1" * 5000 + "}",
    ],
    ids=lambda text: text[:20],
)
def test_what_is_wrong_is_said_in_the_same_words(file, text):
    file.write_text(text, encoding="utf-8")

    assert refusal(streamed, file) == refusal(document_of, file)


def test_a_mark_of_order_at_the_beginning_is_passed(file):
    file.write_text('\ufeff{"events": [1]}', encoding="utf-8")

    assert streamed(file) == {"events": [1]}


def test_lines_are_counted_over_all_that_was_read(file):
    file.write_text('{"events": [\r\n' + '{"a": 1},\r\n' * 500 + "oops]}", newline="")

    assert "line 502 is not JSON" in refusal(streamed, file)


def test_what_is_no_object_is_refused(file):
    file.write_text("[1, 2]")

    assert refusal(streamed, file).endswith("An object with named values is needed here.")


def test_text_that_is_not_utf_8_is_refused(file):
    file.write_bytes(b'{"events": ["\xff"]}')

    assert refusal(streamed, file) == refusal(document_of, file)


def test_nothing_is_read_after_an_unknown_name(file):
    file.write_text('{"happened": [1, 2')

    assert streamed(file, known=("events",)) == {"happened": None}
