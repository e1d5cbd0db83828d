"""JSON with an indent is what the standard library writes."""

import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cli.incentives.indented import indented
from app.incentives.engine import EventKind

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(EventKind),
    lambda inner: st.lists(inner) | st.tuples(inner) | st.dictionaries(st.text(), inner),
)


@given(VALUES)
def test_it_is_what_json_dumps_writes(value):
    assert indented(value) == json.dumps(value, indent=2, ensure_ascii=False)


@given(VALUES)
def test_what_stands_inside_has_its_margin(value):
    whole = json.dumps({"a": [value]}, indent=2, ensure_ascii=False)

    assert whole == f'{{\n  "a": [\n    {indented(value, "    ")}\n  ]\n}}'


def test_what_json_does_not_know_is_refused():
    with pytest.raises(TypeError):
        indented([Fraction(1, 3)])
