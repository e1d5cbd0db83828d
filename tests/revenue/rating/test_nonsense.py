"""Whatever stands in a document, it gives a bill or a sentence."""

import copy
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.kernel.errors import Invalid
from app.kernel.money import LARGEST_MINOR
from app.revenue import rating
from app.revenue.rating import explain
from tests.revenue.rating.test_document import EXAMPLES, WORKED, asked

DOCUMENTS = [json.loads(each) for each in EXAMPLES]
DOCUMENTS += [asked(price, used) for price, used, _ in WORKED]
NASTY: tuple[Any, ...] = (
    None, True, 0, -1, 1, "", "x", "1e30", "1e150", "-1", "NaN", "5%", "1/0", 10**40, [], {}, [1],
    "inf", "2026-01-15", "2026-02-30", "\x00", "9" * 300, "sum", "max", "time_weighted", "levels",
    "whole", "true_up", "flat", "JPY", [{"quantity": 5, "at": "2026-01-05"}],
)  # fmt: skip


def paths(value, path=()):
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, each in inner:
        yield (*path, key)
        if isinstance(each, dict | list):
            yield from paths(each, (*path, key))


@given(st.sampled_from(DOCUMENTS), st.data())
def test_nothing_but_a_refusal_is_raised(document, data):
    changed = copy.deepcopy(document)
    *way, last = data.draw(st.sampled_from(list(paths(document))))
    place = changed
    for key in way:
        place = place[key]
    place[last] = copy.deepcopy(data.draw(st.sampled_from(NASTY)))

    try:
        found = rating.bill(*rating.read_sheet(changed))
    except Invalid:
        return

    assert all(abs(line.minor) <= LARGEST_MINOR for line in found.lines)
    assert all(explain(line, found.currency) for line in found.lines)
