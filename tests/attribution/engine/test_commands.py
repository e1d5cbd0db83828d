"""`flask attribution credit`: what a file of paths gives, and what is refused."""

import json

import pytest
from click.testing import CliRunner

from app.cli.attribution import commands

HEAD = "path,total_conversions,total_conversion_value,total_null\n"


@pytest.fixture
def run(tmp_path):
    def runner(text, *options):
        file = tmp_path / "paths.csv"
        file.write_text(text)
        return CliRunner().invoke(commands, ["credit", "--paths", str(file), *options])

    return runner


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--model", "linear"], [["a", 2.0, 40.0], ["b", 1.0, 20.0]]),
        (["--model", "linear", "--collapse"], [["a", 1.5, 30.0], ["b", 1.5, 30.0]]),
        (["--model", "last"], [["a", 0.0, 0.0], ["b", 3.0, 60.0]]),
    ],
)
def test_credit_prints_what_each_channel_brought(run, options, expected):
    done = run(HEAD + "a > a > b,3,60,1\n", *options, "--format", "json")

    assert [list(row.values()) for row in json.loads(done.output)] == expected


def test_credit_reads_times_as_hours_before_the_conversion(run):
    text = "path,times,total_conversion_value\na > b,168 > 0,300\n"

    done = run(text, "--model", "time-decay")

    assert done.output.splitlines()[1:] == [
        "a,0.3333333333333333,100.0",
        "b,0.6666666666666666,200.0",
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("path;total_conversions\na > b;3\n", "there is no column “path”"),
        ("path,colour\na,red\n", "column “colour” is not known"),
        (HEAD + "a >,1,1,0\n", "row 2, path: “a >” has an empty channel"),
        (HEAD + "a,NaN,1,0\n", "row 2, total_conversions: “NaN” is not a number"),
        (HEAD + "a,1\n", "row 2: it has more or fewer cells"),
        ("path,times\na > b,1\n", "row 2, times: one time for each of 2 channels"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_its_row(run, text, sentence):
    done = run(text, "--model", "linear")

    assert done.exit_code == 2
    assert sentence in done.output
