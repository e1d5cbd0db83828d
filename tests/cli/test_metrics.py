"""`flask metrics`: the value first, then its unit; one sentence and exit status 2 otherwise."""

import csv
import json

import pytest
from click.testing import CliRunner

from app.cli.metrics import commands
from app.reporting.metrics import METRICS

BEFORE = {"leads": 100, "qualified": 50, "opportunities": 20, "won": 5, "value": "50000.00"}
AFTER = {"leads": 120, "qualified": 55, "opportunities": 22, "won": 6, "value": 66000}


def run(*arguments):
    return CliRunner().invoke(commands, [str(each) for each in arguments])


@pytest.fixture
def written(tmp_path):
    def write(name, content):
        file = tmp_path / name
        file.write_text(content if isinstance(content, str) else json.dumps(content))
        return file

    return write


class TestList:
    def test_names_every_metric_once(self):
        found = run("list")

        assert [line.split()[0] for line in found.stdout.splitlines()] == list(METRICS)

    def test_names_those_of_one_area(self):
        assert {
            line.split()[1] for line in run("list", "--area", "service").stdout.splitlines()
        } == {"service"}

    def test_gives_definitions_to_programs(self):
        as_json = json.loads(run("list", "--format", "json").stdout)
        as_csv = list(csv.DictReader(run("list", "--format", "csv").stdout.splitlines()))

        assert [each["name"] for each in as_json] == [row["name"] for row in as_csv]
        assert {"words", "formula", "unit", "grain", "pitfalls", "version"} <= set(as_json[0])


class TestShow:
    @pytest.mark.parametrize("name", ["nrr", "NRR", "net-revenue-retention"])
    def test_says_what_it_means_under_any_of_its_names(self, name):
        shown = run("show", name).stdout

        assert shown.startswith("nrr: Net revenue retention\n")
        assert "(start + expansion - contraction - churn) / start" in shown
        assert "110 %" in shown
        assert "Also: upsell, expansion_mrr, expansion_arr, expansion_revenue\n" in shown

    @pytest.mark.parametrize("name", sorted(METRICS))
    def test_shows_each(self, name):
        told = json.loads(run("show", name, "--format", "json").stdout)

        assert run("show", name).exit_code == 0
        assert (told["name"], bool(told["keys"])) == (name, True)

    def test_a_name_that_nothing_has_is_refused_with_the_nearest(self):
        done = run("show", "pipeline_cover")

        assert (done.exit_code, done.stdout) == (2, "")
        assert "did you mean pipeline_coverage?" in done.stderr


class TestCompute:
    def test_the_value_is_exact_for_programs(self):
        done = run("compute", "grr", "start=3", "contraction=0", "churn=1", "--format", "json")

        told = json.loads(done.stdout)
        assert (told["value"], told["exact"], told["unit"]) == ("66.666667", "200/3", "%")

    def test_no_denominator_is_no_value_for_programs(self):
        told = json.loads(run("compute", "win_rate", "won=0", "lost=0", "--format", "json").stdout)

        assert (told["value"], told["exact"]) == ("n/a", None)

    def test_csv_has_the_value_in_its_first_row(self):
        done = run("compute", "scorecard", "scores=80,-", "weights=1,1", "--format", "csv")

        rows = list(csv.reader(done.stdout.splitlines()))
        assert rows[0] == ["name", "score", "weight_percent", "points", "unit"]
        assert rows[1] == ["scorecard", "80", "", "", "points"]
        assert rows[3] == ["factor_2", "n/a", "0", "0", ""]

    def test_the_working_is_added_when_asked(self):
        asked = ("compute", "average_deal_value", "amounts=1,2,9")

        assert run(*asked).stdout == "4 money\n"
        assert "\nmedian   2 EUR\n" in run(*asked, "--explain", "--currency", "EUR").stdout

    def test_a_small_share_is_not_shown_as_nothing_when_exact(self):
        done = run("compute", "win_rate", "won=1", "lost=99999999999", "--exact")

        assert done.stdout == "1/1000000000 %\n"


class TestBridge:
    def test_two_files_give_what_two_texts_give(self, written):
        files = written("before.json", BEFORE), written("after.json", AFTER)
        texts = (
            ",".join(f"{name}:{value}" for name, value in funnel.items())
            for funnel in (BEFORE, AFTER)
        )
        steps = [f"{name}={BEFORE[name]},{AFTER[name]}" for name in BEFORE]
        sides = [
            f"{side}_{name}={value}"
            for side, funnel in (("before", BEFORE), ("after", AFTER))
            for name, value in funnel.items()
        ]

        from_files = run("bridge", *files)

        assert from_files.exit_code == 0
        assert from_files.stdout.splitlines()[0] == "16000 money"
        before, after = texts
        for asked in ([f"before={before}", f"after={after}"], steps, sides):
            assert run("compute", "bridge", *asked).stdout == from_files.stdout

    def test_prints_each_driver_by_log_mean_and_one_after_the_other(self, written):
        files = written("before.json", BEFORE), written("after.json", AFTER)

        told = json.loads(run("bridge", *files, "--format", "json", "--currency", "EUR").stdout)

        assert [part["name"] for part in told["parts"]] == [
            "volume", "qualification_rate", "opportunity_rate", "win_rate", "average_value",
            "change",
        ]  # fmt: skip
        assert {part["unit"] for part in told["parts"]} == {"EUR"}
        assert {"log_mean", "sequential"} <= set(told["parts"][0])

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            ("{", "line 1 is not JSON"),
            ({**BEFORE, "leads": -1}, "leads: It must be at least 0"),
            ({**BEFORE, "closed": 1}, "“closed” is not known here"),
            ({"leads": 1}, "“qualified” is missing"),
            ('{"leads": NaN}', "NaN is not a number"),
            ({**BEFORE, "won": 0}, "won is 0 and value is not"),
        ],
    )
    def test_a_funnel_that_cannot_be_is_refused(self, written, content, sentence):
        done = run("bridge", written("before.json", content), written("after.json", AFTER))

        assert (done.exit_code, done.stdout) == (2, "")
        assert sentence in done.stderr
        assert len(done.stderr.splitlines()) == 1

    def test_a_file_that_is_not_there_is_refused(self, written, tmp_path):
        done = run("bridge", tmp_path / "none.json", written("after.json", AFTER))

        assert (done.exit_code, done.stdout) == (2, "")
        assert "there is no such file" in done.stderr

    def test_prints_its_schema_without_a_file(self):
        assert json.loads(run("bridge", "--schema").stdout)["title"] == "A funnel of one period"
