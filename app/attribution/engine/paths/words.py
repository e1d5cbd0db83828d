"""Why a channel has what it has, in words."""

from collections.abc import Callable
from fractions import Fraction

from app.attribution.engine.paths.brought import Facts, Method, Number
from app.attribution.engine.paths.coalitions import Worth
from app.attribution.engine.touches import Model, Repeats
from app.attribution.engine.wording import percent

NOBODY = "No touch of these conversions counts."

Say = Callable[[Method, Facts, Facts, Fraction], str]


def because(method: Method, facts: Facts, whole: Facts, total: Fraction) -> str:
    """Return why a channel has its part of ``total`` conversions, from facts alone."""
    if not facts["touched"]:
        return f"It is on the path of none of the {_number(total)} conversions."
    return _WORDS[method.rule.model](method, facts, whole, total)


def _first(_method: Method, facts: Facts, _whole: Facts, total: Fraction) -> str:
    return f"The first touch of {_of(facts['first'], total)}."


def _last(_method: Method, facts: Facts, _whole: Facts, total: Fraction) -> str:
    return f"The last touch of {_of(facts['last'], total)}."


def _linear(method: Method, facts: Facts, _whole: Facts, total: Fraction) -> str:
    each = "channel" if method.rule.repeats is Repeats.ONCE else "touch"
    return f"On the path of {_of(facts['touched'], total)}; every {each} of a path counts alike."


def _position(_method: Method, facts: Facts, _whole: Facts, total: Fraction) -> str:
    return f"On the path of {_of(facts['touched'], total)}: {_ends(facts)}."


def _time_decay(method: Method, facts: Facts, _whole: Facts, total: Fraction) -> str:
    days = float(method.rule.half_life_days)
    return (
        f"On the path of {_of(facts['touched'], total)}, the last touch of "
        f"{_number(facts['last'])}; a touch counts half as much for every {days:g} days before "
        "the last one."
    )


def _roles(method: Method, facts: Facts, _whole: Facts, total: Fraction) -> str:
    weights = ", ".join(f"{role} {float(each):g}" for role, each in method.rule.roles.items())
    return f"On the path of {_of(facts['touched'], total)}; touches weigh by role: {weights}."


def _markov(_method: Method, facts: Facts, whole: Facts, _total: Fraction) -> str:
    effect, added = facts["removal_effect"], whole["removal_effects"]
    return (
        f"Without it {percent(effect)} of the conversions would be lost; all these removal "
        f"effects add up to {percent(added)}, of which it is {percent(effect / added)}."
        if added
        else "Nothing converts, so nothing would be lost without it."
    )


def _shapley(method: Method, facts: Facts, whole: Facts, total: Fraction) -> str:
    value = facts["shapley_value"]
    if method.worth is Worth.RATE:
        return (
            f"Averaged over the orders in which channels could join, it adds {percent(value)} to "
            f"a conversion rate that with all of them is {percent(whole['worth'])}."
        )
    return (
        f"On the path of {_of(facts['touched'], total)}; averaged over the orders in which "
        f"channels could join, it adds {_number(value)}."
    )


_WORDS: dict[Model, Say] = {
    Model.SOURCED: _first,
    Model.FIRST: _first,
    Model.LAST: _last,
    Model.LINEAR: _linear,
    Model.POSITION: _position,
    Model.W: _position,
    Model.TIME_DECAY: _time_decay,
    Model.ROLES: _roles,
    Model.MARKOV: _markov,
    Model.SHAPLEY: _shapley,
}


def _of(part: Number, total: Fraction) -> str:
    return f"{_number(part)} of {_number(total)} conversions"


def _ends(facts: Facts) -> str:
    return f"first of {_number(facts['first'])}, last of {_number(facts['last'])}"


def _number(value: Number) -> str:
    text = f"{float(value):,.4f}"
    return text.rstrip("0").rstrip(".")
