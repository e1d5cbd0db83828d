"""The ten worked files of docs/algorithms/incentives/, through the command."""

import json
import re

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from app.cli.incentives import commands
from tests.incentives.engine.page import PAGE, call
from tests.incentives.engine.test_schema import schema

FOLDER = PAGE.parent / "incentives"
FILES = sorted(path for path in FOLDER.glob("*.json") if ".expected." not in path.name)
pytestmark = pytest.mark.usefixtures("either_way")
ROW = re.compile(r"^\| ([\w:-]+) \| (-?[\d.]+) \|", re.MULTILINE)


def printed(path, *options):
    done = CliRunner().invoke(commands, ["calculate", str(path), "--format", "json", *options])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_there_are_ten_each_with_its_page_and_its_output():
    assert len(FILES) == 10
    for path in FILES:
        assert path.with_suffix(".md").exists()
        assert path.with_suffix(".expected.json").exists()
        assert f"incentives/{path.stem}.md" in PAGE.read_text()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_command_prints_what_the_file_beside_it_says(path):
    assert printed(path) == path.with_suffix(".expected.json").read_text()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_page_works_out_the_same_lines_by_hand(path):
    result = json.loads(printed(path))

    by_hand = ROW.findall(path.with_suffix(".md").read_text())
    assert [(line["event"], line["amount"]) for line in result["lines"]] == by_hand


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_line_is_recomputed_without_the_engine(path, tmp_path):
    explained = printed(path, "--explain")

    done = call(tmp_path, "recompute", explained)

    result = json.loads(explained)
    count = len(result["lines"]) + len(result.get("issued", ()))
    assert done.output == f"{count} lines agree with their traces, and the totals with them.\n"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_file_and_output_are_as_their_schemas_say(path):
    own, result = schema("calculation"), schema("result")

    assert not [*Draft202012Validator(own).iter_errors(json.loads(path.read_text()))]
    explained = json.loads(printed(path, "--explain"))
    assert not [*Draft202012Validator(result).iter_errors(explained)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_plan_of_each_can_be_checked_and_said(path):
    done = CliRunner().invoke(commands, ["check", str(path)])

    assert done.exit_code == 0
    assert "pays in EUR from" in done.output
