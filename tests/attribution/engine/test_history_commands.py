"""`flask attribution apply`, `backtest`, `learn`, `check` and `shapley`: documents in and out."""

import json

import pytest

from tests.attribution.engine.build import table

HISTORY = {
    "journeys": [
        {
            "id": f"SO-{number}",
            "closed_at": "2026-03-31T12:00:00+00:00",
            "amount": "100.00",
            "currency": "EUR",
            "touches": [
                {
                    "partner": partner,
                    "at": f"2026-03-{day:02d}T12:00:00Z",
                    "kind": f"kind {partner}",
                }
                for day, partner in enumerate(partners, start=1)
            ],
        }
        for number, partners in enumerate(("ab", "bbc"))
    ]
    + [{"id": "OP", "outcome": "lost", "closed_at": "2026-03-31T12:00:00Z", "touches": []}]
}


def policy(model, **rule):
    return {"code": model, "title": model, "classes": {"influenced": {"model": model, **rule}}}


@pytest.mark.parametrize(
    ("command", "title"),
    [
        ("credit", "Row of a CSV of paths, by the names of its columns"),
        ("apply", "History of journeys"),
        ("backtest", "History of journeys"),
        ("learn", "History of journeys"),
        ("check", "Attribution policy"),
        ("shapley", "Cooperative game"),
    ],
)
def test_each_command_prints_the_schema_of_its_document(run, command, title):
    assert json.loads(run(command, "--schema").stdout)["title"] == title


def test_a_backtest_prints_gains_losses_and_the_same_totals_twice(run):
    files = {"history": HISTORY, "a": policy("first"), "b": policy("linear")}

    rows = table(run("backtest", "history", "a", "b", **files).stdout)
    told = json.loads(run("backtest", "history", "a", "b", "--format", "json", **files).stdout)

    assert [row[2:] for row in rows] == [
        ["c", "0.00", "33.33", "33.33"],
        ["b", "100.00", "116.67", "16.67"],
        ["a", "100.00", "50.00", "-50.00"],
        ["(all)", "200.00", "200.00", "0.00"],
    ]
    assert told["journeys"] == 2
    assert told["totals"][0]["policy_a"] == told["totals"][0]["policy_b"] == "200.00"


def test_a_backtest_of_policies_without_a_class_in_common_is_refused(run):
    other = {"code": "b", "title": "B", "classes": {"sourced": {"model": "first"}}}

    done = run("backtest", "history", "a", "b", history=HISTORY, a=policy("first"), b=other)

    assert done.exit_code == 2
    assert "no class of credit is in both" in done.stderr


def test_a_policy_is_applied_to_each_won_journey_with_its_reasons(run):
    files = {"history": HISTORY, "policy": policy("roles", roles={"x": 1})}
    linear = {"history": HISTORY, "policy": policy("linear")}

    rows = json.loads(
        run("apply", "history", "policy", "--explain", "--format", "json", **linear).stdout
    )
    nobody = table(run("apply", "history", "policy", **files).stdout)

    assert [(row["journey"], row["partner"], row["amount"]) for row in rows] == [
        ("SO-0", "a", "50.00"),
        ("SO-0", "b", "50.00"),
        ("SO-1", "b", "66.67"),
        ("SO-1", "c", "33.33"),
    ]
    assert rows[0]["touches"][0]["because"] == "one of 2 touches, all alike"
    assert [row[2] for row in nobody] == ["(vendor)", "(vendor)"]


def test_weights_are_learned_into_a_policy_that_can_be_applied(run):
    learned = run("learn", "history", "--model", "markov", "--policy", "base", history=HISTORY,
                  base=policy("linear"))  # fmt: skip
    assert learned.exit_code == 0, learned.output

    rule = json.loads(learned.stdout)["classes"]["influenced"]
    applied = run("apply", "history", "policy", history=HISTORY, policy=learned.stdout)
    said = run("check", "policy", policy=learned.stdout)

    assert rule["weights"] == {"kind a": "0.5", "kind b": "1", "kind c": "0.5"}
    assert rule["learned"] == {"won": 2, "lost": 1}
    assert table(applied.stdout)[0][2:5] == ["b", "0.6666666666666666", "66.67"]
    assert "learned from 2 won and 1 lost journeys" in said.stdout


def test_a_game_is_solved(run):
    done = run("shapley", "game", game={"v": {"a": 6, "b": 12, "a,b": 20}})
    sampled = run("shapley", "game", "--samples", "20", game={"v": {"a": 6, "b": 12, "a,b": 20}})

    assert table(done.stdout) == [["a", "7.0"], ["b", "13.0"]]
    assert sampled.stdout.splitlines()[0] == "player,value,value_error"


@pytest.mark.parametrize(
    ("command", "arguments", "sentence"),
    [
        ("apply", ["bad", "policy"], "bad: line 1 is not JSON"),
        ("apply", ["history", "bad"], "bad: line 1 is not JSON"),
        ("apply", ["lost", "policy"], "none is won"),
        ("apply", ["wrong", "policy"], "wrong: journeys[0]: “id” is missing."),
        ("backtest", ["history", "policy", "wrong"], "wrong: policy: “journeys” is not known"),
        ("learn", ["lost", "--model", "markov"], "None of these journeys was won"),
        ("learn", ["history", "--model", "markov", "--policy", "bad"], "bad: line 1"),
        ("check", ["wrong"], "wrong: policy: “journeys” is not known"),
        ("shapley", ["game"], "game: v: the worth of “a,b” is missing."),
        ("shapley", ["wrong"], "“journeys” is not known"),
    ],
)
def test_a_document_that_cannot_be_used_is_refused(run, command, arguments, sentence):
    files = {
        "history": HISTORY,
        "policy": policy("linear"),
        "bad": "{",
        "lost": {"journeys": HISTORY["journeys"][2:]},
        "wrong": {"journeys": [{}]},
        "game": {"v": {"a": 1, "b": 2}},
    }

    done = run(command, *arguments, **files)

    assert done.exit_code == 2
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""
