"""`flask attribution`: what files give, and what is refused."""

import json
from fractions import Fraction

import pytest
from click.testing import CliRunner

from app.cli.attribution import commands
from app.cli.attribution.output import plain
from config import ROOT
from tests.attribution.engine.build import table

HEAD = "path,total_conversions,total_conversion_value,total_null\n"
PAGE = (ROOT / "docs" / "algorithms" / "attribution.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--model", "first"], [["a", 3.0, 60.0], ["b", 0.0, 0.0]]),
        (["--model", "last"], [["a", 0.0, 0.0], ["b", 3.0, 60.0]]),
        (["--model", "linear"], [["a", 2.0, 40.0], ["b", 1.0, 20.0]]),
        (["--model", "linear", "--keep"], [["a", 2.0, 40.0], ["b", 1.0, 20.0]]),
        (["--model", "linear", "--collapse"], [["a", 1.5, 30.0], ["b", 1.5, 30.0]]),
        (["--model", "position"], [["a", 1.8, 36.0], ["b", 1.2, 24.0]]),
        (["--model", "position", "--position", "50/20/30"], [["a", 2.1, 42.0], ["b", 0.9, 18.0]]),
        (["--model", "w", "--w", "60/10/30/0"], [["a", 2.1, 42.0], ["b", 0.9, 18.0]]),
        (["--model", "markov"], [["a", 1.5, 30.0], ["b", 1.5, 30.0]]),
        (["--model", "markov", "--order", "2", "--no-nulls"], [["a", 1.5, 30.0], ["b", 1.5, 30.0]]),
        (["--model", "shapley"], [["a", 1.5, 30.0], ["b", 1.5, 30.0]]),
    ],
)
def test_credit_prints_what_each_channel_brought(credit, options, expected):
    done = credit(HEAD + "a > a > b,3,60,1\n", *options, "--format", "json")

    assert done.exit_code == 0, done.output
    assert [list(row.values()) for row in json.loads(done.stdout)] == expected


def test_credit_reads_times_as_hours_before_the_conversion(credit):
    text = "path,times,total_conversion_value\na > b,168 > 0,300\n"

    done = credit(text, "--model", "time-decay")

    assert done.output.splitlines()[1:] == [
        "a,0.3333333333333333,100.0",
        "b,0.6666666666666666,200.0",
    ]


def test_the_example_of_the_page_gives_what_the_page_says(credit):
    blocks = PAGE.split("gives, with `--model markov`,")
    told = "\n".join(line.strip() for line in blocks[0].split("\n\n")[-2].splitlines())
    expected = "\n".join(line.strip() for line in blocks[1].split("\n\n")[1].splitlines())

    assert credit(told + "\n", "--model", "markov").output == expected + "\n"


def test_paths_without_a_counting_touch_are_a_row_of_their_own(credit):
    text = "path,times,total_conversions\na > b,480 > 24,3\nb,999,2\n"

    done = credit(text, "--model", "linear", "--lookback", "10")

    assert table(done.output) == [
        ["a", "0.0", "0.0"],
        ["b", "3.0", "0.0"],
        ["(none)", "2.0", "0.0"],
    ]


def test_nobodys_row_is_told_from_a_channel_of_its_name(credit):
    text = "path,times,total_conversions\n(none) > b,24 > 0,4\nb,999,1\n"

    done = credit(text, "--model", "linear", "--lookback", "10")

    assert table(done.output) == [
        ["(none)", "2.0", "0.0"],
        ["b", "2.0", "0.0"],
        ["((none))", "1.0", "0.0"],
    ]


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("time_decay", "time-decay"),
        ("Time-Decay", "time-decay"),
        ("MARKOV", "markov"),
        ("W", "w"),
        ("w-shaped", "w"),
        ("first_touch", "first"),
        ("First-Click", "first"),
        ("last-touch", "last"),
        ("last click", "last"),
        ("position_based", "position"),
        ("u", "position"),
        ("U-shaped", "position"),
    ],
)
def test_models_may_go_by_other_names(credit, name, model):
    text = HEAD + "a > b > c > d > a,3,60,1\nb > c,1,5,2\n"

    assert credit(text, "--model", name).output == credit(text, "--model", model).output
    outputs = {each: credit(text, "--model", each).output for each in ("first", "last", model)}
    assert len(set(outputs.values())) == len(outputs)


def test_formats_and_what_sets_are_worth_may_be_in_capitals(credit):
    done = credit(HEAD + "a,1,2,1\n", "--model", "shapley", "--worth", "Rate", "--format", "JSON")

    assert json.loads(done.stdout) == [{"channel": "a", "conversions": 1.0, "value": 2.0}]


def test_a_refusal_of_a_half_life_says_what_it_must_be(credit):
    for text in ("0", "nan", "-7", "7 days"):
        done = credit(HEAD + "a,1,2,1\n", "--model", "time-decay", "--half-life", text)

        assert f"“{text}” is not a number of days above zero." in done.stderr


def test_roles_share_by_their_weights(credit):
    text = "path,roles,total_conversions\na > b,technical > sales,4\n"

    done = credit(text, "--model", "roles", "--roles", "technical=3, sales=1")

    assert table(done.output) == [["a", "3.0", "0.0"], ["b", "1.0", "0.0"]]


def test_an_explanation_stands_beside_each_credit(credit):
    text = HEAD + "a > b,3,30,1\na > c,1,500,1\n"

    rows = json.loads(credit(text, "--model", "markov", "--explain", "--format", "json").stdout)
    cells = table(credit(text, "--model", "markov", "--explain").output)

    assert rows[1]["share"] == 0.375
    assert rows[1]["because"].startswith("Without it 75 % of the conversions would be lost")
    assert rows[1]["facts"]["removal_effect"] == 0.75
    assert rows[1]["facts"]["conversion_probability"] == pytest.approx(2 / 3)
    assert cells[1][3:] == ["0.375", rows[1]["because"]]


def test_a_sample_states_its_error(credit):
    text = HEAD + "a > b,3,30,1\na > b > c,1,500,9\n"

    done = credit(text, "--model", "shapley", "--samples", "50", "--format", "json")

    assert "Sampled from 50 orders" in done.stderr
    rows = json.loads(done.stdout)
    assert all(row["value_error"] > row["conversions_error"] > 0 for row in rows)
    assert sum(row["conversions"] for row in rows) == pytest.approx(4)


@pytest.mark.parametrize("worth", ["conversions", "rate"])
def test_above_twelve_channels_errors_are_stated(credit, worth):
    rows = "".join(f"c{n} > c{n + 1},2,10,3\n" for n in range(13))

    done = credit(HEAD + rows, "--model", "shapley", "--worth", worth, "--samples", "60")
    plainly = credit(HEAD + rows, "--model", "shapley")

    assert done.output.count("\n") == 16
    assert done.stdout.splitlines()[0] == "channel,conversions,value,conversions_error,value_error"
    assert {row[-1] for row in table(plainly.stdout)} == {"0.0"}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("path;total_conversions\na > b;3\n", "row 1: has no field path; fields are split by"),
        ("path\ttotal_conversions\na > b\t3\n", "has no field path"),
        ("path,colour\na,red\n", "row 1: “colour” is not known here"),
        ("path,path\na,b\n", "row 1, field path: is there twice"),
        ("path,total_null\na,1\n", "row 1, field total_conversions: this field is missing"),
        (HEAD, "has no rows below its header"),
        ("", "has no field path"),
        (HEAD + "a >,1,1,0\n", "row 2, field path: “a >” has an empty channel"),
        (HEAD + "a,1,1,0\na;b,1,1,0\n", "row 3, field path: “a;b” has no “>” but “;”"),
        (HEAD + "a -> b,1,1,0\n", "row 2, field path: “a -> b” is separated by “->”"),
        (HEAD + "a,NaN,1,0\n", "row 2, field total_conversions: “NaN” is not a number"),
        (HEAD + "a,1,1,0\na,1,-3,0\n", "row 3, field total_conversion_value: “-3” is not a"),
        (HEAD + "a,1,1,\n", "row 2, field total_null: the cell is empty; write 0"),
        (HEAD + "a,1\n", "row 2: has 2 fields instead of 4"),
        (HEAD + "a,0,0,5\n", "row 2, field total_conversions: every row is zero"),
        (HEAD + "a,0,0,5\nb,0,0,0\n", "rows 2 to 3, field total_conversions: every row is zero"),
        ("path,times\na > b,1\n", "row 2, field times: one time for each of 2 channels"),
        ("path,times\na > b,1 > 24\n", "row 2, field times: “1 > 24” does not follow the path"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_row_and_field(credit, text, sentence):
    done = credit(text, "--model", "markov")

    assert done.exit_code == 2
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_a_file_that_is_not_there_is_refused():
    done = CliRunner().invoke(commands, ["credit", "--paths", "nowhere", "--model", "first"])

    assert (done.exit_code, done.stderr) == (2, "nowhere: there is no such file.\n")


@pytest.mark.parametrize(
    "options",
    [
        ["--model", "best"],
        ["--model", "markov", "--order", "5"],
        ["--model", "time-decay", "--half-life", "0"],
        ["--model", "time-decay", "--half-life", "nan"],
        ["--model", "time-decay", "--half-life", "-7"],
        ["--model", "position", "--position", "40/40"],
        ["--model", "position", "--position", "40/30/40"],
        ["--model", "roles"],
        ["--model", "roles", "--roles", "technical"],
        ["--model", "roles", "--roles", "technical=0"],
        ["--model", "linear", "--lookback", "30"],
        ["--model", "shapley", "--worth", "rate"],
        ["--model", "shapley", "--samples", "1"],
    ],
)
def test_options_that_cannot_be_used_are_refused(credit, options):
    done = credit("path\na > b\n", *options)

    assert done.exit_code == 2
    assert done.stdout == ""


def test_another_separator_is_said(credit):
    done = credit("path\na;b\n", "--model", "linear", "--separator", ";")

    assert table(done.output) == [["a", "0.5", "0.0"], ["b", "0.5", "0.0"]]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(1, 3), "0.3333333333333333"),
        (Fraction(5, 2), "2.5"),
        (Fraction(2), "2.0"),
        (Fraction(0), "0.0"),
        (-0.0, "0.0"),
        (Fraction("123456789012345678.25"), "123456789012345678.25"),
        (Fraction(10**18 + 1), "1000000000000000001"),
        (Fraction(-1, 8) - 10**17, "-100000000000000000.125"),
        (Fraction(1, 10**18) + Fraction(1, 3), "0.3333333333333333"),
        (0.1 + 0.2, "0.30000000000000004"),
        (7, "7"),
    ],
)
def test_numbers_are_printed_at_full_precision(value, text):
    assert plain(value) == text


@pytest.mark.parametrize(
    "header",
    [
        "path,conversions,value,nulls",
        "Path,Conversions,Conversion_Value,Null",
        "path,conversions,total_value,total_nulls",
        "Path,Total Conversions,Total conversion value,total null",
    ],
)
def test_columns_may_go_by_shorter_names(credit, header):
    rows = "\na > b,3,30,1\na > c,1,500,1\n"

    usual = credit(HEAD.strip() + rows, "--model", "markov")
    assert credit(header + rows, "--model", "markov").output == usual.output
    assert "b,1.5,15.0" in usual.output


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("path,conversions,total_conversions\na,1,1\n",
         "row 1, field total_conversions: it says what conversions says."),
        ("path,conversions\na,-1\n", "row 2, field conversions: “-1” is not a number"),
        ("path,nulls\na,1\n", "row 1, field total_conversions: this field is missing"),
    ],
)  # fmt: skip
def test_a_refusal_names_the_column_as_the_file_does(credit, text, sentence):
    done = credit(text, "--model", "first")

    assert (done.exit_code, done.stdout) == (2, "")
    assert sentence in done.stderr


@pytest.mark.parametrize(
    ("options", "unread"),
    [
        (["--model", "linear", "--half-life", "3", "--order", "2"], ["--half-life", "--order"]),
        (["--model", "markov", "--worth", "rate"], ["--worth"]),
        (["--model", "first", "--no-nulls"], ["--nulls"]),
        (["--model", "markov", "--no-nulls", "--order", "2"], []),
        (["--model", "shapley", "--seed", "3"], []),
    ],
)
def test_an_option_that_the_model_does_not_read_is_mentioned(credit, options, unread):
    done = credit(HEAD + "a > b,3,60,1\n", *options)

    assert done.exit_code == 0
    assert [line.split()[0] for line in done.stderr.splitlines()] == unread
