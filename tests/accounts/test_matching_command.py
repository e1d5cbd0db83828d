"""`flask accounts match`."""

import csv

import pytest
from click.testing import CliRunner

from app.cli.accounts import commands


def run(*arguments):
    return CliRunner().invoke(commands, ["match", *map(str, arguments)])


@pytest.fixture
def pairs(tmp_path):
    def write(text: str):
        file = tmp_path / "pairs.csv"
        file.write_text(text, encoding="utf-8")
        return file

    return write


class TestPairs:
    def test_prints_how_the_decisions_stand_to_the_labels(self, pairs):
        found = run("--pairs", pairs("left,right,match\nAcme AG,Acme,true\nAcme,Bolt,false\n"))

        assert found.exit_code == 0
        assert found.output.splitlines()[1:] == ["precision 1.0000", "recall 1.0000", "f1 1.0000"]

    def test_writes_each_decision_with_its_reasons(self, pairs, tmp_path):
        output = tmp_path / "out.csv"

        run("--pairs", pairs("left,right\nAcme AG,Acme\n"), "--output", output)

        (row,) = csv.DictReader(output.read_text(encoding="utf-8").splitlines())
        assert (row["decision"], row["score"]) == ("same", "1.0000")
        assert row["reasons"].startswith("The names are equal")

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("", "row 1: has no field left"),
            ("left;right\na;b\n", "row 1: has no field left"),
            ("left,right\n", "has no rows below its header"),
            ("left,right\na,\n", "row 2, field right: the name is empty"),
            ("left,right\na,b,c\n", "row 2: has 3 fields instead of 2"),
            ("left,right,match\na,b,maybe\n", "row 2, field match: “maybe” is neither"),
            ("left,right,left_country\na,b,Atlantis\n", "row 2, field left_country: “Atlantis”"),
            ("left,right,left\na,b,c\n", "row 1, field left: is there twice"),
            ('left,right\n"a,b\n', "is not CSV"),
        ],
    )
    def test_answers_a_bad_file_with_one_sentence(self, pairs, tmp_path, text, sentence):
        output = tmp_path / "out.csv"

        found = run("--pairs", pairs(text), "--output", output)

        assert (found.exit_code, found.stdout, output.exists()) == (2, "", False)
        assert sentence in found.stderr
        assert len(found.stderr.splitlines()) == 1

    def test_names_a_file_that_is_absent_or_no_text(self, tmp_path):
        (tmp_path / "bytes.csv").write_bytes(b"\xff\xfe\x00")

        assert "there is no such file" in run("--pairs", tmp_path / "none.csv").stderr
        assert "UTF-8" in run("--pairs", tmp_path / "bytes.csv").stderr


class TestAgainst:
    def test_lists_those_that_may_be_meant(self, pairs):
        file = pairs("name\nBolt\nSiemens AG\nSiemens Energy AG\n")

        found = run("--against", file, "--name", "Siemens Aktiengesellschaft")

        rows = list(csv.DictReader(found.output.splitlines()))
        assert [(row["row"], row["decision"]) for row in rows] == [("3", "same"), ("4", "possible")]

    def test_wants_a_name(self, pairs):
        assert run("--against", pairs("name\nBolt\n")).exit_code == 2
