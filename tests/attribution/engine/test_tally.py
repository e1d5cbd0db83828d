"""Counting rows of a file of paths: what is counted together, and what is refused."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.attribution.engine import Model, Rule
from app.attribution.engine.paths import PathRefused, Tally, columns_of, columns_of_texts
from app.attribution.engine.paths.reading import HOUR, read_number, read_times
from tests.attribution.engine.build import brought, path

NAMES = ("path", "total_conversions", "total_conversion_value", "total_null")


def counted(*rows, names=NAMES, separator=None):
    tally = Tally(names, separator)
    for number, row in enumerate(rows, start=2):
        tally.add(dict(zip(names, row, strict=True)), number)
    return tally.columns()


def test_identical_paths_are_counted_once():
    found = counted(("a > b", "1", "0.5", "2"), ("a > b", "2", "0.25", "0"), ("b", "1", "1e2", "0"))

    assert found.lengths.tolist() == [2, 1]
    assert found.conversions.total == 4
    assert found.value.total == Fraction("100.75")
    assert found.nulls.total == 2


def test_channels_are_in_order_of_their_names_whatever_row_is_first():
    one = counted(("z > a", "1", "1", "0"), ("m", "2", "3", "0"))
    two = counted(("m", "2", "3", "0"), ("z>a", "1", "1", "0"))

    assert one.channels == two.channels == ("a", "m", "z")
    assert brought(one) == brought(two)


NUMBERS = st.sampled_from(
    ["0", "7", "007", "1.5", ".25", "3.", "1e3", "2.5E-2", "+4", " 6 ", "1.50"]
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["a", "b > a", "c"]), NUMBERS), min_size=1, max_size=9))
def test_numbers_add_up_exactly_however_they_are_written(rows):
    found = counted(*((text, number, number, "0") for text, number in rows))

    assert found.conversions.total == sum(Fraction(number.strip()) for _, number in rows)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.lists(st.sampled_from(["a", "b c", "ü"]), min_size=1, max_size=4),
            st.integers(0, 2**70),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_texts_taken_at_once_are_the_same_paths(rows):
    texts = [" > ".join(channels) for channels, _ in rows]
    found = columns_of_texts(texts, [count for _, count in rows])
    expected = columns_of([path(text, count) for text, (_, count) in zip(texts, rows, strict=True)])

    assert found.channels == expected.channels
    assert found.touches.tolist() == expected.touches.tolist()
    assert found.lengths.tolist() == expected.lengths.tolist()
    assert found.conversions.total == expected.conversions.total


@pytest.mark.parametrize(
    ("row", "field", "sentence"),
    [
        (("", "1", "0", "0"), "path", "empty channel"),
        (("a > ", "1", "0", "0"), "path", "empty channel"),
        (("a >> b", "1", "0", "0"), "path", "empty channel"),
        (("a -> b", "1", "0", "0"), "path", "separated by “->”"),
        (("a => b", "1", "0", "0"), "path", "separated by “=>”"),
        (("a", "", "0", "0"), "total_conversions", "cell is empty; write 0"),
        (("a", "-1", "0", "0"), "total_conversions", "not a number of zero or more"),
        (("a", "1", "NaN", "0"), "total_conversion_value", "not a number"),
        (("a", "1", "1,5", "0"), "total_conversion_value", "not a number"),
        (("a", "1", "1_0", "0"), "total_conversion_value", "not a number"),
        (("a", "1", "0", "inf"), "total_null", "not a number"),
        (("a", "1", "0", "1e999"), "total_null", "more than 60 digits"),
        (("a", "1" * 61, "0", "0"), "total_conversions", "more than 60 digits"),
    ],
)
def test_a_row_that_cannot_be_used_is_refused_with_its_field(row, field, sentence):
    with pytest.raises(PathRefused, match=sentence) as refused:
        counted(row)

    assert refused.value.field == field


@pytest.mark.parametrize("text", ["a;b", "a | b", "a, b", "a → b", "a » b", "a\tb"])
def test_paths_that_another_sign_separates_are_refused_with_their_row(text):
    with pytest.raises(PathRefused, match="has no “>”") as refused:
        counted(("a", "1", "0", "0"), (text, "1", "0", "0"))

    assert refused.value.row == 3


def test_single_channels_with_such_a_sign_are_taken_where_others_are_separated_or_it_is_declared():
    row = ("A;B", "1", "0", "0")

    assert counted(row, ("a > b", "1", "0", "0")).channels == ("A;B", "a", "b")
    assert counted(row, separator=">").channels == ("A;B",)
    assert counted(row, separator=";").channels == ("A", "B")
    assert counted(("a -> b", "1", "0", "0"), separator="->").channels == ("a", "b")


def test_a_row_is_one_conversion_where_no_column_says_otherwise():
    found = counted(("a",), ("a",), ("b",), names=("path",))

    assert brought(found) == {"a": 2, "b": 1}


def test_nulls_without_conversions_are_refused():
    with pytest.raises(PathRefused, match="missing beside total_null"):
        Tally(("path", "total_null"))


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("168 > 24 > 0", [168, 24, 0]),
        ("168, 24, 0", [168, 24, 0]),
        ("168 | 24.5 | 0", [168, Fraction(49, 2), 0]),
        ("2026-03-01;2026-03-02;2026-03-02T06:00", [30, 6, 0]),
        ("1.5>0.25>0.25", [Fraction(3, 2), Fraction(1, 4), Fraction(1, 4)]),
        ("2026-03-01T12:00 > 2026-03-02 > 2026-03-02T06:00", [18, 6, 0]),
        ("2026-03-01T12:00Z > 2026-03-01T14:00+01:00 > 2026-03-02T12:00Z", [24, 23, 0]),
    ],
)
def test_times_are_hours_before_the_conversion_or_moments(text, hours):
    assert read_times(text, 3) == tuple(int(each * HOUR) for each in hours)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1", "one time for each of 2"),
        ("", "has none"),
        ("0 > 24", "must not grow"),
        ("2026-03-02 > 2026-03-01", "must not go back"),
        ("2026-03-01 > 2026-03-02T00:00Z", "moments of one kind"),
        ("2026-03-01 > 5", "moments of one kind"),
        ("5 >", "a time is missing"),
        ("5; 4; 3", "“5; 4; 3” has 1"),
        ("5,5 > 4", "not a number"),
        ("5 > yesterday", "not a number"),
        ("99999999 > 1", "more than 10,000,000 hours"),
        ("5 > -1", "not a number of zero or more"),
    ],
)
def test_times_that_do_not_fit_the_path_are_refused(text, sentence):
    with pytest.raises(PathRefused, match=sentence) as refused:
        read_times(text, 2)

    assert refused.value.field == "times"


def test_roles_may_be_separated_by_another_sign_where_it_makes_one_for_each_channel():
    rule = Rule(model=Model.ROLES, roles={"sales": Fraction(3), "a,b": Fraction(1)})
    names = ("path", "roles")

    found = counted(("a > b", "sales; a,b"), ("c", "a,b"), names=names)
    assert brought(found, rule=rule) == {"a": Fraction(3, 4), "b": Fraction(1, 4), "c": 1}
    with pytest.raises(PathRefused, match="one role for each of 2"):
        counted(("a > b", "sales; a; b"), names=names)


def test_roles_and_milestones_stand_beside_the_path():
    names = ("path", "roles", "milestone", "times")
    rows = [
        ("a > b > c", "technical > sales >", "1", "9 > 8 > 7"),
        ("a > b > c", "sales > > technical", "", "9 > 8 > 7"),
    ]
    roles = Rule(model=Model.ROLES, roles={"technical": Fraction(3), "sales": Fraction(1)})
    found = counted(*rows, names=names)

    assert brought(found, rule=roles) == {"a": 1, "b": Fraction(1, 4), "c": Fraction(3, 4)}
    assert brought(found, "w") == {
        "a": Fraction(6, 10) + Fraction(1, 3),
        "b": Fraction(1, 10) + Fraction(1, 3),
        "c": Fraction(3, 10) + Fraction(1, 3),
    }


@pytest.mark.parametrize(
    ("roles", "milestone", "field"), [("x", "1", "roles"), ("x > y", "3", "milestone")]
)
def test_roles_and_milestones_that_do_not_fit_are_refused(roles, milestone, field):
    with pytest.raises(PathRefused) as refused:
        counted(("a > b", roles, milestone), names=("path", "roles", "milestone"))

    assert refused.value.field == field


def test_digits_are_read_without_rounding():
    assert read_number("0.1234567890123456789", "x") == (1234567890123456789, 19)
    assert read_number("12e3", "x") == (12000, 0)
