"""Reading of an attribution policy from its JSON document (policy.schema.json says the same)."""

from fractions import Fraction
from typing import Any

from app.attribution.engine.touches import LEARNED, By, Learned, Model, Policy, Repeats, Rule
from app.kernel.errors import Invalid
from app.kernel.reading import DocumentRefused, Node

CLASSES = ("sourced", "influenced", "fulfilled")
MOST_ORDER = 4
_LEARNED_KEYS = ("by", "weights", "otherwise", "learned")
_RULE_KEYS: dict[Model, tuple[str, ...]] = {
    Model.POSITION: ("first", "last"),
    Model.W: ("first", "last", "milestone"),
    Model.TIME_DECAY: ("half_life_days",),
    Model.ROLES: ("roles",),
    Model.MARKOV: ("order", *_LEARNED_KEYS),
    Model.SHAPLEY: _LEARNED_KEYS,
}
_EXACT = ("first", "last", "milestone", "half_life_days", "otherwise")


class PolicyRefused(Invalid):
    """A policy document does not say what it must; the sentence names the path."""

    code = "attribution.policy"


def read_policy(document: object) -> Policy:
    """Return the policy that a JSON document describes.

    :raises PolicyRefused: naming the path of the first value that cannot be accepted
    """
    try:
        members = Node(document, "policy").keys(("code", "title", "classes"))
        classes = members["classes"].keys((), CLASSES)
        if not classes:
            raise members["classes"].refuse(
                "At least one of sourced, influenced and fulfilled is needed."
            )
        rules = {name: _rule(rule) for name, rule in classes.items()}
        return Policy(members["code"].text(), members["title"].text(), rules)
    except DocumentRefused as refusal:
        raise PolicyRefused(refusal.sentence, errors=refusal.errors) from None


def read_rule(document: object, path: str = "rule") -> Rule:
    """Return one model's rule from its JSON document.

    :raises PolicyRefused: naming the path of the first value that cannot be accepted
    """
    try:
        return _rule(Node(document, path))
    except DocumentRefused as refusal:
        raise PolicyRefused(refusal.sentence, errors=refusal.errors) from None


def _rule(node: Node) -> Rule:
    if not isinstance(node.value, dict) or "model" not in node.value:
        raise node.refuse("“model” is missing.")
    model = Node(node.value["model"], f"{node.path}.model").choice(Model)
    optional = ("repeats", "lookback_days", *_RULE_KEYS.get(model, ()))
    members = node.keys(("model",), optional)
    given: dict[str, Any] = {name: members[name].exact() for name in _EXACT if name in members}
    if "repeats" in members:
        given["repeats"] = members["repeats"].choice(Repeats)
    if "lookback_days" in members:
        given["lookback_days"] = members["lookback_days"].whole(1)
    if model is Model.ROLES:
        given["roles"] = _weights(node, members.get("roles"), "roles")
    if model in LEARNED:
        given |= _learned(node, members)
    rule = Rule(model=model, **given)
    _refuse_impossible(rule, node)
    return rule


def _refuse_impossible(rule: Rule, node: Node) -> None:
    if rule.model is Model.TIME_DECAY and rule.half_life_days <= 0:
        half_life = Node(rule.half_life_days, f"{node.path}.half_life_days")
        raise half_life.refuse("The half-life must be longer than nothing.")
    fixed = sum(rule.ends) + (rule.milestone if rule.model is Model.W else 0)
    if rule.model in (Model.POSITION, Model.W) and fixed > 1:
        raise node.refuse("The declared parts exceed 100 %; write 40 % as 0.4 or “40%”.")


def _learned(node: Node, members: dict[str, Node]) -> dict[str, Any]:
    """Return what a learned model declares; its weights are data, so that credit is repeatable."""
    given: dict[str, Any] = {"weights": _weights(node, members.get("weights"), "weights")}
    if "by" in members:
        given["by"] = members["by"].choice(By)
    if "order" in members:
        given["order"] = members["order"].whole(1)
        if given["order"] > MOST_ORDER:
            raise members["order"].refuse(f"At most {MOST_ORDER} is possible.")
    if "learned" in members:
        given["learned"] = _source(members["learned"])
    return given


def _source(node: Node) -> Learned:
    members = node.keys(("won", "lost"), ("from", "until"))
    return Learned(
        won=members["won"].whole(),
        lost=members["lost"].whole(),
        start=members["from"].day() if "from" in members else None,
        until=members["until"].day() if "until" in members else None,
    )


def _weights(node: Node, found: Node | None, name: str) -> dict[str, Fraction]:
    if found is None or not isinstance(found.value, dict) or not found.value:
        raise Node(None, f"{node.path}.{name}").refuse("Name at least one, and its weight.")
    weights = {
        key: Node(value, f"{found.path}.{key}").exact() for key, value in found.value.items()
    }
    if not any(weights.values()):
        raise found.refuse("At least one weight above zero is needed.")
    return weights
