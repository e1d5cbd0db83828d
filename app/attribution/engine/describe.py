"""A policy in plain sentences."""

from collections.abc import Callable
from fractions import Fraction

from app.attribution.engine.touches import Model, Policy, Repeats, Rule

_LEADS = {
    "sourced": "Who brought it",
    "influenced": "Who helped to win it",
    "fulfilled": "Who delivers it",
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


def _percent(part: Fraction) -> str:
    return f"{float(part * 100):g} %"


def _position(rule: Rule) -> str:
    first, last = rule.ends
    return (
        f"{_percent(first)} to the first touch, {_percent(last)} to the last before the win, "
        "the rest evenly to those between."
    )


def _w(rule: Rule) -> str:
    first, last = rule.ends
    return (
        f"{_percent(first)} to the first touch, {_percent(rule.milestone)} to the one that made "
        f"it an opportunity, {_percent(last)} to the last, the rest evenly to the others."
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
}
