"""The options of `flask attribution credit`, and the rule that they make."""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

import click
from click.core import ParameterSource

from app.attribution.engine import Model, Repeats, Rule
from app.kernel.reading import DocumentRefused, Node, plain_word

Told = Any
MODELS = tuple(model for model in Model if model is not Model.SOURCED)
"""Those of paths: nobody registered them."""
OTHER_NAMES = {
    **dict.fromkeys(("first_touch", "first_click"), str(Model.FIRST)),
    **dict.fromkeys(("last_touch", "last_click"), str(Model.LAST)),
    **dict.fromkeys(("position_based", "u", "u_shaped"), str(Model.POSITION)),
    "w_shaped": str(Model.W),
}
"""What models are called elsewhere."""
FORMS = ("csv", "json")
_READ_BY = {
    "half_life": (Model.TIME_DECAY,),
    "position": (Model.POSITION,),
    "w": (Model.W,),
    "roles": (Model.ROLES,),
    "order": (Model.MARKOV,),
    "nulls": (Model.MARKOV, Model.SHAPLEY),
    "worth": (Model.SHAPLEY,),
    "samples": (Model.SHAPLEY,),
    "seed": (Model.SHAPLEY,),
}
"""Which models read an option."""
Read = Callable[[click.Context, click.Parameter, str | None], Any]


class Words(click.Choice[str]):
    """One of a few words; capitals, hyphens, underscores and blanks are read alike.

    ``also`` gives other names, as ``plain_word`` has them.
    """

    def __init__(self, words: Iterable[object], also: Mapping[str, str] | None = None) -> None:
        super().__init__([*map(str, words)])
        self._words = {plain_word(word): word for word in self.choices} | dict(also or {})

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the word that is meant."""
        return super().convert(self._words.get(plain_word(str(value)), value), param, ctx)


def half_life(_context: click.Context, _option: click.Parameter, text: str) -> Fraction:
    """Return a number of days above zero."""
    try:
        found = Node(text.strip(), "").exact()
    except DocumentRefused:
        found = Fraction(0)
    if found <= 0:
        raise click.BadParameter(f"“{text[:40]}” is not a number of days above zero.")
    return found


def parts(count: int) -> Read:
    """Return a reader of parts such as 40/20/40, which must add up to 100 (or to 1)."""

    def read(
        _context: click.Context, _option: click.Parameter, text: str | None
    ) -> tuple[Fraction, ...] | None:
        if text is None:
            return None
        found = tuple(_number(part) for part in text.replace(",", "/").split("/"))
        if len(found) != count or sum(found) not in (1, 100):
            raise click.BadParameter(f"{count} parts that add up to 100, or to 1, are needed.")
        return tuple(part / sum(found) for part in found)

    return read


def role_weights(
    _context: click.Context, _option: click.Parameter, text: str | None
) -> dict[str, Fraction]:
    """Return the weight of each role in “technical=3,co_sell=1”."""
    weights: dict[str, Fraction] = {}
    for part in (text or "").split(",") if text is not None else ():
        role, sign, weight = (each.strip() for each in part.partition("="))
        if not sign or role in weights:
            raise click.BadParameter(f"“{part[:40]}” is not one role and its weight, role=3.")
        weights[role] = _number(weight)
    if text is not None and not any(weights.values()):
        raise click.BadParameter("at least one role needs a weight above zero.")
    return weights


def rule_of(told: Mapping[str, Told]) -> Rule:
    """Return the rule that the options declare.

    Order matters to every model but linear: there collapsing counts each channel once in a path,
    elsewhere it joins only touches that follow each other.
    """
    model = Model(told["model"])
    given: dict[str, Any] = {}
    if model is Model.POSITION and told["position"]:
        given = dict(zip(("first", "last"), told["position"][::2], strict=True))
    if model is Model.W and told["w"]:
        given = dict(zip(("first", "milestone", "last"), told["w"], strict=False))
    if model is Model.ROLES and not told["roles"]:
        raise click.UsageError("--model roles needs --roles, such as “technical=3,co_sell=1”.")
    joined = Repeats.ONCE if model is Model.LINEAR else Repeats.CONSECUTIVE
    return Rule(
        model=model,
        repeats=joined if told["collapse"] else Repeats.KEEP,
        half_life_days=told["half_life"],
        roles=told["roles"],
        lookback_days=told["lookback"],
        **given,
    )


def mention_unread(context: click.Context, model: Model) -> None:
    """Say on standard error which of the options given are not read by the model."""
    for name, models in _READ_BY.items():
        is_given = context.get_parameter_source(name) is ParameterSource.COMMANDLINE
        if is_given and model not in models:
            click.echo(f"--{name.replace('_', '-')} says nothing to --model {model}.", err=True)


def _number(text: str) -> Fraction:
    try:
        return Node(text.strip(), "").exact()
    except DocumentRefused:
        raise click.BadParameter(f"“{text[:40]}” is not a number of zero or more.") from None
