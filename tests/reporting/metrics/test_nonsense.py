"""Whatever is asked, the answer is a value, n/a or a sentence."""

from hypothesis import given
from hypothesis import strategies as st

from app.kernel.errors import Invalid
from app.reporting import metrics
from app.reporting.metrics import METRICS

TEXTS = (
    "0", "1", "-1", "5", "1e30", "1e99", "NaN", "", "1,2", "0,0", "-,1", "25%", "50%,10%", "a",
    "a,b", "2026-01-01", "9999-12-31,0001-01-01", "0,0,0,0,0", "5,4,3,2,1", "1e-40", "EUR", ",",
    "leads:1,qualified:1,opportunities:1,won:1,value:1", "1e90,1e80,1e70,1e60,1e50", "1/3",
    "advanced,open", "{", ":::::", "leads=", "\x00", "1" * 5000,
)  # fmt: skip
forms = st.sampled_from([(metric, form) for metric in METRICS.values() for form in metric.forms])


@given(forms, st.data())
def test_nothing_but_a_refusal_is_raised(asked, data):
    metric, form = asked
    usual = data.draw(st.sampled_from(TEXTS))
    texts = st.just(usual) | st.sampled_from(TEXTS)
    given = {key.name: data.draw(texts) for key in form.keys}

    try:
        answer = metrics.compute(metric, given)
    except Invalid:
        return

    assert metrics.with_unit(answer.value, answer.unit or metric.unit)
    assert all(len(part.values) == len(answer.columns) for part in answer.parts)


@given(st.text(max_size=30))
def test_a_name_of_nothing_is_refused(name):
    try:
        found = metrics.find(name).name
    except Invalid:
        return

    assert found in METRICS
