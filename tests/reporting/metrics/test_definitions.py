"""Every metric is defined in full, its example holds, and no name stands for two things."""

import json
import re
import shlex
from collections import Counter
from pathlib import Path

import pytest

from app.kernel.reading import DocumentRefused
from app.reporting import metrics
from app.reporting.metrics import AREAS, METRICS, Area, Basis, MetricRefused, Unit

ALL = sorted(METRICS)
STANDARD = {
    "forecast_accuracy": ("actual", "forecast"),
    "nrr": ("start", "expansion", "contraction", "churn"),
    "grr": ("start", "contraction", "churn"),
    "velocity": ("opportunities", "average_value", "win_rate", "cycle_days"),
    "cac_payback": ("cac", "monthly_revenue", "gross_margin"),
    "pipeline_coverage": ("qualified_pipeline", "quota"),
    "conversion_rate": ("next", "previous"),
    "wape": ("actual", "forecast"),
    "arpa": ("revenue", "accounts"),
    "ltv": ("arpa", "gross_margin", "churn_rate"),
    "ltv_to_cac": ("ltv", "cac"),
    "quick_ratio": ("new", "expansion", "contraction", "churn"),
    "rule_of_40": ("growth_rate", "profit_margin"),
    "burn_multiple": ("net_burn", "net_new_arr"),
    "slippage_rate": ("pushed", "planned"),
    "dso": ("receivables", "revenue", "days"),
    "dpo": ("payables", "cost_of_sales", "days"),
}
TABLE = (
    "conversion_rate", "cohort_conversion_rate", "lead_to_meeting", "meeting_to_opportunity",
    "win_rate", "cohort_win_rate", "pipeline_coverage", "remaining_coverage", "weighted_pipeline",
    "pipeline_created", "stage_ageing", "stalled_share", "pushed_amount", "pulled_in_amount",
    "average_deal_value", "median_deal_value", "cycle_length_median", "cycle_length_p90",
    "velocity", "forecast_accuracy", "wape", "mape", "bias", "booked", "billed", "collected",
    "recognised", "tcv", "acv", "deferred_roll_forward", "rpo", "crpo", "mrr", "arr",
    "mrr_roll_forward", "nrr", "grr", "logo_churn", "renewal_coverage", "invoicing_lag",
    "closed_won_to_live_billing", "billing_corrections", "leakage", "cac", "cac_payback",
    "partner_cost_of_sale", "return_on_mdf", "sourced_share", "influenced_share",
    "fulfilled_share", "partner_contribution", "attach_rate", "registration_approval_rate",
    "time_to_decision", "conflict_rate", "activation_rate", "time_to_first_registration",
    "time_to_first_win", "attainment", "scorecard", "enablement_lift", "sla_adherence",
    "breaches_without_escalation", "data_completeness", "duplicate_rate", "rows_without_owner",
    "renewals_without_owner", "bridge",
)  # fmt: skip


def given(text):
    return dict(pair.split("=", 1) for pair in shlex.split(text))


@pytest.mark.parametrize("name", ALL)
def test_the_example_gives_what_it_says(name):
    metric = METRICS[name]

    answer = metrics.compute(metric, given(metric.example))

    assert metrics.with_unit(answer.value, answer.unit or metric.unit) == metric.gives


@pytest.mark.parametrize("name", ALL)
def test_a_definition_is_complete(name):
    metric = METRICS[name]

    texts = (metric.words, *metric.pitfalls, *(k.words for f in metric.forms for k in f.keys))
    assert all(text[0].isupper() or text.startswith(("advanced", "n/a")) for text in texts)
    assert all(text.endswith((".", "?")) for text in texts)
    assert metric.pitfalls
    assert metric.title
    assert metric.formula
    assert metric.grain
    assert metric.version >= 1
    assert metric.owner in {"Channel lead", "Finance", "Analyst"}


@pytest.mark.parametrize("name", ALL)
def test_names_are_standard_and_each_stands_for_one_key(name):
    for form in METRICS[name].forms:
        names = [each for key in form.keys for each in (key.name, *key.aliases)]
        aliases = [alias for key in form.keys for alias in key.aliases]

        assert all(re.fullmatch(r"[a-z][a-z0-9_]*", each) for each in names)
        assert [each for each, count in Counter(aliases).items() if count > 1] == []


def test_no_other_name_of_a_metric_is_the_name_of_another():
    aliases = [alias for metric in METRICS.values() for alias in metric.aliases]

    assert [alias for alias, count in Counter(aliases).items() if count > 1] == []
    assert set(aliases) & set(METRICS) == set()


@pytest.mark.parametrize(("name", "keys"), STANDARD.items())
def test_the_standard_keys_ask_for_it(name, keys):
    assert METRICS[name].forms[0].required == keys


def test_no_metric_of_the_design_is_missing():
    assert [name for name in TABLE if name not in METRICS] == []
    assert {*AREAS.values()} == {*Area}


def test_accounting_figures_are_told_from_operating_metrics():
    accounting = {name for name, metric in METRICS.items() if metric.basis is Basis.ACCOUNTING}

    assert accounting == {"recognised", "deferred_roll_forward", "rpo", "crpo"}


SHARES = [
    (name, form)
    for name, metric in METRICS.items()
    for form in metric.forms
    if metric.unit is Unit.PERCENT
    and "/" in metric.formula
    and not any(key.is_series for key in form.keys)
]


@pytest.mark.parametrize(("name", "form"), SHARES)
def test_without_a_denominator_there_is_no_share(name, form):
    zeros = dict.fromkeys(form.required, "0")

    assert metrics.compute(METRICS[name], zeros).value is None


@pytest.mark.parametrize("name", ["nrr", "win_rate", "velocity", "scorecard", "bridge"])
@pytest.mark.parametrize("bad", ["NaN", "Infinity", "-inf", "1e999", "x", "\uff11", "1_000", "0x1"])
def test_what_is_no_number_is_refused(name, bad):
    metric = METRICS[name]
    values = given(metric.example)
    first = next(iter(values))
    values[first] = ",".join([bad, *values[first].split(",")[1:]])

    with pytest.raises(MetricRefused, match="is not a number"):
        metrics.compute(metric, values)


def test_the_schema_of_a_funnel_lists_what_the_reader_knows():
    schema = json.loads(Path(metrics.__file__).with_name("funnel.schema.json").read_text())

    with pytest.raises(DocumentRefused) as refusal:
        metrics.read_funnel({"unknown": 1})

    known = refusal.value.sentence.split("known are ")[1].rstrip(".").split(", ")
    assert known == schema["required"] == list(schema["properties"])


@pytest.mark.parametrize(
    ("name", "asked", "same"),
    [
        ("average_deal_value", "amount=10,30,20", "amounts=10,30,20"),
        ("velocity", "deal=45 average_deal_size=8 win_rate=30% sales_cycle=60",
         "opportunities=45 average_value=8 win_rate=30% cycle_days=60"),
        ("nrr", "opening_arr=9 upsells=3 downgrades=1 churned_revenue=2",
         "start=9 expansion=3 contraction=1 churn=2"),
        ("wape", "actuals=1,2 forecasts=1,3", "actual=1,2 forecast=1,3"),
    ],
)  # fmt: skip
def test_a_key_may_be_in_the_singular_or_plural(name, asked, same):
    metric = METRICS[name]

    assert metrics.compute(metric, given(asked)) == metrics.compute(metric, given(same))
    assert metrics.compute(metric, given(asked)).value


@pytest.mark.parametrize("name", ALL)
def test_no_key_is_the_plural_of_another(name):
    for form in METRICS[name].forms:
        keys = [{each.removesuffix("s") for each in (k.name, *k.aliases)} for k in form.keys]

        counted = Counter(each for names in keys for each in names)
        shared = {each for each, count in counted.items() if count > 1}
        assert shared == set()


def test_months_alone_do_not_say_whether_the_twelfth_is_within_a_year():
    with pytest.raises(MetricRefused, match="has no key “months”"):
        metrics.compute(METRICS["crpo"], given("amounts=1,2 months=3,12"))
