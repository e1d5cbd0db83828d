"""A policy in plain sentences."""

from collections.abc import Callable

from app.attribution.engine.touches import Learned, Model, Policy, Repeats, Rule
from app.attribution.engine.wording import percent
from app.kernel.format import day

_LEADS = {
    "sourced": "Who brought it",
    "influenced": "Who helped to win it",
    "fulfilled": "Who delivers it",
}
_EFFECTS = {
    Model.MARKOV: "by what would be lost without each {by} of touch (Markov removal effect, "
    "order {order})",
    Model.SHAPLEY: "by what each {by} of touch adds to the chance of a win (Shapley value)",
}
_REPEATS = {
    Repeats.KEEP: "",
    Repeats.CONSECUTIVE: " Touches of one partner that follow each other count once.",
    Repeats.ONCE: " Each partner counts once, by its first touch.",
}


def describe_policy(policy: Policy) -> list[str]:
    """Return one sentence or two per class, in plain words."""
    return [
        f"{_LEADS.get(name, name.capitalize())} ({name}): {describe_rule(rule)}"
        for name, rule in sorted(
            policy.classes.items(), key=lambda item: list(_LEADS).index(item[0])
        )
    ]


def describe_rule(rule: Rule) -> str:
    """Return what a rule does with the touches before the win."""
    text = _WORDS[rule.model](rule)
    if rule.lookback_days is not None:
        text += f" Only the last {rule.lookback_days} days before the win count."
    return text + _REPEATS[rule.repeats]


def _learned(rule: Rule) -> str:
    effect = _EFFECTS[rule.model].format(by=rule.by.value, order=rule.order)
    if not rule.weights:
        return f"{effect}, as learned from past journeys."
    ranked = sorted(rule.weights.items(), key=lambda item: (-item[1], item[0]))
    parts = ", ".join(f"{name.replace('_', ' ')} {percent(weight)}" for name, weight in ranked)
    return f"{effect}{_source(rule.learned)}: {parts}; any other {percent(rule.otherwise)}."


def _source(learned: Learned | None) -> str:
    if learned is None:
        return ""
    start, until = learned.start, learned.until
    closed = [f"from {day(start)}"] if start is not None else []
    closed += [f"before {day(until)}"] if until is not None else []
    text = f", learned from {learned.won} won and {learned.lost} lost journeys"
    return " ".join([text, "closed", *closed]) if closed else text


def _position(rule: Rule) -> str:
    first, last = rule.ends
    return (
        f"{percent(first)} to the first touch, {percent(last)} to the last before the win, "
        "the rest evenly to those between."
    )


def _w(rule: Rule) -> str:
    first, last = rule.ends
    return (
        f"{percent(first)} to the first touch, {percent(rule.milestone)} to the one that made "
        f"it an opportunity, {percent(last)} to the last, the rest evenly to the others."
    )


def _roles(rule: Rule) -> str:
    parts = ", ".join(f"{role} {float(weight):g}" for role, weight in rule.roles.items())
    return f"in proportion to the weight of each role: {parts}."


_WORDS: dict[Model, Callable[[Rule], str]] = {
    Model.SOURCED: lambda _: "all of it to the partner whose registration or lead came first.",
    Model.FIRST: lambda _: "all of it to the first touch.",
    Model.LAST: lambda _: "all of it to the last touch before the win.",
    Model.LINEAR: lambda _: "evenly to every touch before the win.",
    Model.POSITION: _position,
    Model.W: _w,
    Model.TIME_DECAY: lambda rule: (
        "a later touch counts more: a touch counts half as much for every "
        f"{float(rule.half_life_days):g} days before the last one."
    ),
    Model.ROLES: _roles,
    Model.MARKOV: _learned,
    Model.SHAPLEY: _learned,
}
