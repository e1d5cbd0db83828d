"""The steps in words: a sentence for each, in the order of the five steps of the standard."""

from collections.abc import Iterator

from app.kernel.money import round_half_away
from app.revenue.recognition.estimates import counted
from app.revenue.recognition.grain import Grain, exact_text, percent_text
from app.revenue.recognition.result import Result
from app.revenue.recognition.terms import Obligation, Pattern, Role

_PATTERNS = {
    Pattern.POINT_IN_TIME: "at the point in time when control passes",
    Pattern.USAGE: "as it is used, in proportion to the usage expected",
    Pattern.OUTPUT: "by units of output",
    Pattern.COST_TO_COST: "over time, by cost incurred to cost expected",
    Pattern.COST_RECOVERY: "over time, revenue being cost until all is done",
    Pattern.MILESTONES: "as milestones are reached",
    Pattern.PERCENT_COMPLETE: "over time, by the percentage complete",
    Pattern.AS_INVOICED: "as it is invoiced, which is what the customer gets for it",
}


def explain(result: Result) -> list[str]:
    """Return a sentence for each step."""
    grain = result.document.grain
    return [
        *_contract(result),
        *_obligations(result),
        *_price(result, grain),
        *_financing(result, grain),
        *_allocation(result, grain),
        *_events(result, grain),
        *_closed(result, grain),
        *_posted(result, grain),
        *_costs(result, grain),
    ]


def warnings(result: Result) -> list[str]:
    """Return what a reader should know of a result, explained or not."""
    made = result.history.allocated
    return [
        *(made.warnings if made is not None else ()),
        *_moved(result, result.document.grain),
        *_assured(result),
    ]


def _assured(result: Result) -> list[str]:
    return [
        f"“{name}” is an assurance-type warranty: no performance obligation; what it is expected"
        " to cost is a provision (IAS 37, ASC 460-10)."
        for name in result.document.assurances
    ]


def _contract(result: Result) -> Iterator[str]:
    contract = result.document.contract
    if not contract.criteria_met:
        yield "The criteria of a contract are not met: what is received is a liability."
    elif contract.criteria_met_on is not None:
        yield f"The criteria of a contract are met from {contract.criteria_met_on}."


def _obligations(result: Result) -> Iterator[str]:
    for each in result.document.obligations:
        yield f"“{each.id}” is satisfied {_how(each)}."
        if each.timing:
            yield f"“{each.id}” passes {each.timing}."
        if each.role is Role.AGENT:
            share = percent_text(each.kept)
            yield f"The entity is an agent for “{each.id}” ({each.kept_said}): revenue is {share}."
        elif each.kept_said:
            yield f"The entity is the principal for “{each.id}” ({each.kept_said})."


def _how(each: Obligation) -> str:
    if each.span is not None:
        method = str(each.span.method).replace("_", " ")
        rest = f"the {each.span.remainder} period takes the remainder"
        if each.span.remainder == "cumulative":
            rest = "rounded cumulatively"
        return f"over time from {each.span.first} to {each.span.last}, {method}, {rest}"
    if each.open_ended:
        return "with each unit transferred, at its unit price"
    return _PATTERNS[each.pattern]


def _price(result: Result, grain: Grain) -> Iterator[str]:
    document, history = result.document, result.history
    if document.price is None:
        return
    price = document.price
    said = f" ({price.said})" if price.said else ""
    yield f"The transaction price is {grain.words(history.inception.price)}{said}."
    for each in price.variables:
        if each.royalty:
            yield f"“{each.id}” counts when sales or usage occur, not before."
            continue
        now = counted(each.estimate, reduces=each.reduces)
        amount = grain.words(round_half_away(now.included))
        if each.rate is not None:
            amount = percent_text(each.rate) if each.estimate.included else "nothing"
        verb = "reduces it by" if each.reduces else "adds"
        yield f"“{each.id}” {verb} {amount}: {now.why}."
    for payable in price.payables:
        net = round_half_away(payable.amount - payable.fair_value)
        yield f"{grain.words(net)} payable to the customer for nothing distinct reduces it."


def _financing(result: Result, grain: Grain) -> Iterator[str]:
    found = result.financed
    if found is not None and found.terms.compounding is not None:
        rate = percent_text(found.terms.compounding.rate, 4)
        yield (
            f"Payments of {grain.words(round_half_away(found.promised))} at {rate} are worth"
            f" {grain.words(round_half_away(found.price))} at transfer; the difference is interest."
        )


def _allocation(result: Result, grain: Grain) -> Iterator[str]:
    history = result.history
    if history.allocated is None or len(history.allocated.portions) == 1:
        return
    made, amounts = history.allocated, history.inception.allocated
    yield f"It is allocated by the {made.method}."
    for each in made.portions:
        exact = exact_text(grain.major(each.amount))
        posted = grain.words(amounts[each.obligation])
        ssp = exact_text(grain.major(each.ssp))
        yield f"“{each.obligation}”: {ssp} stand-alone, allocated {exact}, posted {posted}."


def _events(result: Result, grain: Grain) -> Iterator[str]:
    if not result.rows:
        return
    for note in result.history.book(result.rows[-1].ends_on).notes:
        yield f"{note.on}: {note.words}"
    for jump in result.catch_ups:
        for key, amount in jump.changes.items():
            yield f"{jump.on}: a catch-up of {grain.words(amount)} for “{key}”."


def _closed(result: Result, grain: Grain) -> Iterator[str]:
    for row in result.rows:
        if not row.is_open:
            yield f"{row.label} takes no postings of this document."
    del grain


def _posted(result: Result, grain: Grain) -> Iterator[str]:
    for row in result.rows:
        for line in row.lines:
            if line.amount:
                done = "" if line.progress is None else f" ({percent_text(line.progress)} done)"
                posted, so_far = grain.words(line.amount), grain.words(line.cumulative)
                yield f"{row.label}: {posted} of “{line.obligation}”{done}, {so_far} to date."


def _moved(result: Result, grain: Grain) -> list[str]:
    return [
        f"{row.label}: {grain.words(line.earlier)} of “{line.obligation}” belong to earlier periods"
        " that take no postings, and are posted here."
        for row in result.rows
        for line in row.lines
        if line.earlier
    ]


def _costs(result: Result, grain: Grain) -> Iterator[str]:
    for cost, _ in result.costs:
        capitalised, why = cost.verdict
        verb = "is capitalised" if capitalised else "is not capitalised"
        yield f"“{cost.id}” ({grain.words(round_half_away(cost.amount))}) {verb}: {why}."
    if result.document.repurchase is not None:
        nature, why = result.document.repurchase.nature
        yield f"The repurchase agreement is a {nature}: {why}."
