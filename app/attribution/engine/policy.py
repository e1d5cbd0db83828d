"""Reading of an attribution policy from its JSON document (policy.schema.json says the same)."""

from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar

from app.attribution.engine.touches import Model, Policy, Repeats, Rule
from app.kernel.errors import FieldError, Invalid

CLASSES = ("sourced", "influenced", "fulfilled")
_RULE_KEYS: dict[Model, tuple[str, ...]] = {
    Model.POSITION: ("first", "last"),
    Model.W: ("first", "last", "milestone"),
    Model.TIME_DECAY: ("half_life_days",),
    Model.ROLES: ("roles",),
}
E = TypeVar("E", bound=StrEnum)


class PolicyRefused(Invalid):
    """A policy document does not say what it must; the sentence names the path."""

    code = "attribution.policy"


def read_policy(document: object) -> Policy:
    """Return the policy that a JSON document describes.

    :raises PolicyRefused: naming the path of the first value that cannot be accepted
    """
    members = _object(document, "policy", ("code", "title", "classes"), ())
    classes = _object(members["classes"], "classes", (), CLASSES)
    if not classes:
        raise _refusal("classes", "At least one of sourced, influenced and fulfilled is needed.")
    return Policy(
        _text(members["code"], "code"),
        _text(members["title"], "title"),
        {name: read_rule(rule, f"classes.{name}") for name, rule in classes.items()},
    )


def read_rule(document: object, path: str = "rule") -> Rule:
    """Return one model's rule from its JSON document."""
    if not isinstance(document, dict) or "model" not in document:
        raise _refusal(path, "“model” is missing.")
    model = _choice(document["model"], f"{path}.model", Model)
    optional = ("repeats", "lookback_days", *_RULE_KEYS.get(model, ()))
    members = _object(document, path, ("model",), optional)
    given: dict[str, Any] = {"model": model}
    if "repeats" in members:
        given["repeats"] = _choice(members["repeats"], f"{path}.repeats", Repeats)
    if "lookback_days" in members:
        given["lookback_days"] = _days(members["lookback_days"], f"{path}.lookback_days")
    for name in ("first", "last", "milestone", "half_life_days"):
        if name in members:
            given[name] = _exact(members[name], f"{path}.{name}")
    if model is Model.ROLES:
        given["roles"] = _roles(members.get("roles"), f"{path}.roles")
    rule = Rule(**given)
    _refuse_impossible(rule, path)
    return rule


def _refuse_impossible(rule: Rule, path: str) -> None:
    if rule.model is Model.TIME_DECAY and rule.half_life_days <= 0:
        raise _refusal(f"{path}.half_life_days", "The half-life must be longer than nothing.")
    fixed = sum(rule.ends) + (rule.milestone if rule.model is Model.W else 0)
    if rule.model in (Model.POSITION, Model.W) and fixed > 1:
        raise _refusal(path, "The declared parts exceed 100 %.")


def _roles(value: object, path: str) -> dict[str, Fraction]:
    if not isinstance(value, dict) or not value:
        raise _refusal(path, "Name at least one role and its weight.")
    roles = {str(role): _exact(weight, f"{path}.{role}") for role, weight in value.items()}
    if not any(roles.values()):
        raise _refusal(path, "At least one role needs a weight above zero.")
    return roles


def _object(
    value: object, path: str, needed: tuple[str, ...], optional: tuple[str, ...]
) -> dict[str, object]:
    if not isinstance(value, dict):
        raise _refusal(path, "An object with named values is needed here.")
    for key in value:
        if key not in needed and key not in optional:
            raise _refusal(path, f"“{key}” is not known here.")
    for key in needed:
        if key not in value:
            raise _refusal(path, f"“{key}” is missing.")
    return value


def _choice(value: object, path: str, kind: type[E]) -> E:
    if not isinstance(value, str) or value not in [str(each) for each in kind]:
        raise _refusal(path, f"One of {', '.join(kind)} is needed here.")
    return kind(value)


def _text(value: object, path: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _refusal(path, "A text is needed here.")
    return value


def _days(value: object, path: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise _refusal(path, "A whole number of days is needed here.")
    return value


def _exact(value: object, path: str) -> Fraction:
    if isinstance(value, (str, int)) and not isinstance(value, bool):
        try:
            found = Decimal(value)
        except InvalidOperation:
            found = Decimal("NaN")
        if found.is_finite() and found >= 0:
            return Fraction(found)
    raise _refusal(path, 'Write the number as text, such as "0.4"; it must not be negative.')


def _refusal(path: str, why: str) -> PolicyRefused:
    error = FieldError(field=path, message=why, code=PolicyRefused.code)
    return PolicyRefused(f"{path}: {why}", errors=(error,))
