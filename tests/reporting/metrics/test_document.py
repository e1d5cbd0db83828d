"""The tables of docs/algorithms/metrics.md: what is asked, and what is printed."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli.metrics import commands
from app.reporting import metrics

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "algorithms" / "metrics.md"
TEXT = DOCUMENT.read_text("utf-8")
ANSWERS = re.findall(r"^\| `([a-z][^`]+)` \| `([^`]+)` \|(?: (.*?) \|| \|)?$", TEXT, re.MULTILINE)
REFUSALS = re.findall(r"^\| `([a-z][^`]+)` \| ([^`|\n]+\.) \|$", TEXT, re.MULTILINE)
BRIDGES = re.findall(
    r"^\| `([\d,]+)` \| `([\d,]+)` \| (\w+) \| ([-\d.]+) \| ([-\d.]+) \|$", TEXT, re.MULTILINE
)


def run(asked):
    return CliRunner().invoke(commands, ["compute", *asked.split()])


def test_the_document_has_its_tables():
    assert (len(ANSWERS), len(REFUSALS), len(BRIDGES)) == (61, 17, 10)


@pytest.mark.parametrize(("asked", "printed", "then"), ANSWERS)
def test_an_answer_is_printed_as_its_table_says(asked, printed, then):
    done = run(asked)

    first, *rest = done.stdout.splitlines()
    assert (done.exit_code, done.stderr, first) == (0, "", printed)
    assert not then or rest == [then]


@pytest.mark.parametrize(("asked", "sentence"), REFUSALS)
def test_what_cannot_be_answered_is_refused_in_one_sentence(asked, sentence):
    done = run(asked)

    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(sentence)


@pytest.mark.parametrize(("before", "after", "driver", "log_mean", "sequential"), BRIDGES)
def test_a_driver_contributes_what_its_table_says(before, after, driver, log_mean, sequential):
    answer = metrics.compute(metrics.find("bridge"), {"before": before, "after": after})

    (found,) = (part.values for part in answer.parts if part.name == driver)
    assert [metrics.plain(value) for value in found] == [log_mean, sequential]


def test_the_list_of_metrics_is_what_the_command_prints():
    done = CliRunner().invoke(commands, ["list", "--format", "markdown"])

    assert TEXT.endswith(done.stdout)
