"""`flask accounts match`."""

import csv
import json
from dataclasses import fields

import pytest
from click.testing import CliRunner

from app.accounts.matching import Party
from app.cli.accounts import commands, tables


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

    @pytest.mark.parametrize("header", ["name_1,name_2,label", "left_name,right_name,is_match"])
    def test_reads_fields_by_other_usual_names(self, pairs, header):
        found = run("--pairs", pairs(f"{header}\nAcme AG,Acme,1\nAcme,Bolt,0\n"))

        assert found.output.splitlines()[::3] == ["pairs 2", "f1 1.0000"]

    def test_reads_of_several_names_of_a_field_the_first(self, pairs):
        found = run("--pairs", pairs("left,name_1,right,same,match\nAcme,Bolt,Acme,no,yes\n"))

        assert found.output.splitlines()[-1] == "f1 1.0000"

    def test_writes_each_decision_with_its_reasons(self, pairs, tmp_path):
        output = tmp_path / "out.csv"

        run("--pairs", pairs("left,right\nAcme AG,Acme\n"), "--output", output)

        (row,) = csv.DictReader(output.read_text(encoding="utf-8").splitlines())
        assert (row["decision"], row["score"]) == ("same", "1.0000")
        assert row["reasons"].startswith("The names are equal")

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("", "has no rows below its header"),
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


class TestLabels:
    @pytest.mark.parametrize(
        ("label", "expected"),
        [("true", "1.0000"), ("YES", "1.0000"), ("1", "1.0000"), ("1.0", "1.0000"),
         (" same ", "1.0000"), ("false", "0.0000"), ("No", "0.0000"), ("different", "0.0000")],
    )  # fmt: skip
    def test_are_written_in_many_ways(self, pairs, label, expected):
        found = run("--pairs", pairs(f"left,right,match\nAcme AG,Acme,{label}\n"))

        assert found.stdout.splitlines()[1] == f"precision {expected}"

    def test_may_be_left_out_of_some_rows(self, pairs):
        found = run("--pairs", pairs("left,right,match\nAcme,Bolt,\nAcme AG,Acme,1\nA,B,\n"))

        assert found.stdout.splitlines()[-4:] == [
            "pairs 1", "precision 1.0000", "recall 1.0000", "f1 1.0000",
        ]  # fmt: skip

    def test_of_no_match_at_all_have_no_recall(self, pairs):
        found = run("--pairs", pairs("left,right,match\nAcme,Bolt,0\n"))

        assert found.stdout.splitlines() == ["pairs 1", "precision n/a", "recall n/a", "f1 n/a"]


class TestReading:
    def test_takes_columns_in_any_case_and_order_beside_others(self, pairs):
        file = pairs("\ufeffid,RIGHT,Left_Country, Left ,note\n7,Acme Ltd,Germany,Acme,x\n")

        found = run("--pairs", file)

        assert found.stdout.splitlines()[1].startswith("Acme,Acme Ltd,same,1.0000,")

    @pytest.mark.parametrize(
        ("left", "right"), [("DE", "de"), ("DEU", "Germany"), ("Deutschland", "DE"), ("UK", "GB")]
    )
    def test_takes_a_country_by_code_or_name(self, pairs, left, right):
        file = pairs(f"left,right,left_country,right_country\nAcme,Acme,{left},{right}\n")

        assert ",same,1.0000," in run("--pairs", file).stdout

    def test_uses_the_facts_of_both_sides(self, pairs):
        file = pairs(
            "left,right,left_domain,right_domain,left_country,right_country\n"
            "Acme,Bolt,acme.com,info@acme.com,DE,DE\nAcme,Bolt,a@gmail.com,b@gmail.com,DE,DE\n"
            "Acme,Acme,,,DE,FR\n"
        )

        rows = csv.DictReader(run("--pairs", file).stdout.splitlines())

        assert [row["decision"] for row in rows] == ["same", "different", "possible"]


class TestOutput:
    def test_of_unlabelled_pairs_goes_to_the_terminal(self, pairs):
        found = run("--pairs", pairs("left,right\nAcme AG,Acme\n"))

        assert found.stdout.splitlines()[0] == "left,right,decision,score,relation,reasons"

    def test_may_be_json(self, pairs, tmp_path):
        output = tmp_path / "out.json"

        run("--pairs", pairs("left,right\nAcme AG,Acme\nA,B\n"), "--output", output,
            "--format", "json")  # fmt: skip

        first, second = json.loads(output.read_text(encoding="utf-8"))
        assert (first["decision"], first["score"], first["reasons"][0][:9]) == (
            "same", 1.0, "The names",
        )  # fmt: skip
        assert second["decision"] == "different"

    def test_of_nothing_is_an_empty_array(self, pairs):
        found = run("--against", pairs("name\nBolt\n"), "--name", "Acme", "--format", "json")

        assert json.loads(found.stdout) == []

    def test_that_cannot_be_written_is_said_in_a_sentence(self, pairs, tmp_path):
        output = tmp_path / "none" / "out.csv"

        found = run("--pairs", pairs("left,right\na,b\n"), "--output", output)

        assert (found.exit_code, found.stdout) == (2, "")
        assert "cannot be written" in found.stderr


class TestLists:
    def test_give_each_name_of_the_left_its_best_of_the_right(self, tmp_path):
        left, right = tmp_path / "left.csv", tmp_path / "right.csv"
        left.write_text("name\nSiemens\nNobody\n", encoding="utf-8")
        right.write_text("name,country\nSiemens Energy AG,DE\nSiemens AG,DE\n", encoding="utf-8")

        found = run("--left", left, "--right", right)

        rows = list(csv.DictReader(found.stdout.splitlines()))
        assert [(row["left_row"], row["right_row"], row["decision"]) for row in rows] == [
            ("2", "3", "same"), ("2", "2", "possible"), ("3", "", "different"),
        ]  # fmt: skip

    def test_give_as_many_as_asked_for(self, pairs):
        file = pairs("name\nSiemens Energy AG\nSiemens AG\n")

        found = run("--left", file, "--right", file, "--most", "1")

        assert len(found.stdout.splitlines()) == 3

    def test_with_a_bad_row_print_nothing(self, pairs):
        file = pairs("name\nSiemens\n\nAcme\n,\n")

        found = run("--left", file, "--right", file)

        assert (found.exit_code, found.stdout) == (2, "")
        assert "row 5: has 2 fields" in found.stderr


class TestWays:
    @pytest.mark.parametrize(
        "given",
        [[], ["--pairs", "a.csv", "--name", "x"], ["--left", "a.csv"], ["--name", "Acme"],
         ["--against", "a.csv", "--name", "x", "--left", "b.csv"]],
    )  # fmt: skip
    def test_are_one_at_a_time(self, given):
        found = run(*given)

        assert (found.exit_code, found.stdout) == (2, "")
        assert found.stderr.startswith("Give one of: --pairs FILE;")

    def test_want_a_country_that_is_one(self, pairs):
        found = run("--against", pairs("name\nBolt\n"), "--name", "Bolt", "--country", "Atlantis")

        assert (found.exit_code, found.stderr) == (2, "--country: “Atlantis” is no country.\n")


class TestSchema:
    def test_names_the_columns_that_are_read_and_written(self, pairs):
        found = run("--schema")

        kinds = json.loads(found.stdout)["$defs"]
        file = pairs("name\nSiemens AG\n")
        headers = {
            "judged": run("--pairs", pairs("left,right\nA,B\n")),
            "found": run("--against", pairs("name\nSiemens AG\n"), "--name", "Siemens"),
            "matched": run("--left", file, "--right", file),
        }
        for kind, printed in headers.items():
            assert printed.stdout.splitlines()[0].split(",") == kinds[kind]["required"]
            assert kinds[kind]["required"] == list(kinds[kind]["properties"])

    def test_names_the_labels_that_are_read(self, pairs):
        labels = json.loads(run("--schema").stdout)["$defs"]["label"]["enum"]

        for label in labels:
            assert run("--pairs", pairs(f"left,right,match\nA,B,{label}\n")).exit_code == 0
        assert set(labels) == tables._TRUE | tables._FALSE | {""}

    def test_names_the_facts_that_are_read(self):
        kinds = json.loads(run("--schema").stdout)["$defs"]
        facts = {field.name for field in fields(Party)}

        sides = {f"{side}_{fact}" for side in ("left", "right") for fact in facts - {"name"}}
        assert set(kinds["organisation"]["properties"]) == facts
        assert set(kinds["pair"]["properties"]) == {"left", "right", "match", *sides}
