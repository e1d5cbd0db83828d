"""Between the fields of the simple editor and a plan's document."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

from app.incentives import engine
from app.incentives.engine.trace import text as exact_text
from app.incentives.engine.undoing import NATURAL
from app.kernel.errors import Invalid

Values = dict[str, Any]
"""What the fields of a form hold, by name."""

FACTS = {"routes": "route", "programmes": "programme", "tiers": "tier"}
_LOWEST = 1


def document_of(values: Values) -> dict[str, Any]:
    """Return the document that the fields say; empty fields are left out."""
    start = values.get("effective_from")
    return {
        "code": values.get("code") or "",
        "version": _LOWEST,
        "title": values.get("title") or "",
        "currency": values.get("currency") or "",
        "effective": {"from": start.isoformat() if isinstance(start, date) else start or ""},
        "components": [
            _component(index, each) for index, each in enumerate(values.get("components") or ())
        ],
    }


def _component(index: int, values: Values) -> dict[str, Any]:
    made: dict[str, Any] = {
        "code": values.get("code") or f"part-{index + 1}",
        "title": values.get("title") or "",
        "basis": values.get("basis") or "",
        "rates": _rates(values),
        "share": values.get("share") or "whole",
    }
    conditions = [{fact: list(values[name])} for name, fact in FACTS.items() if values.get(name)]
    if conditions:
        made["applies_to"] = {"all": conditions} if len(conditions) > 1 else conditions[0]
    timing: dict[str, Any] = {}
    if values.get("hold_days"):
        timing["hold_days"] = values["hold_days"]
    if (values.get("payable") or "earned") != "earned":
        timing["payable"] = values["payable"]
    parts = {"timing": timing, "reversal": _reversal(values)}
    return made | {name: part for name, part in parts.items() if part}


def _reversal(values: Values) -> dict[str, Any]:
    """Return what a loss of certification takes back, beside what undoes the basis anyway."""
    if not values.get("lapse"):
        return {}
    on = [*_UNDOING.get(values.get("basis") or "", ()), engine.EventKind.CERTIFICATION_LAPSED.value]
    named = list(values.get("certifications") or ())
    found = {"mode": "full", "on": on, "lapse": values["lapse"]}
    return found | ({"certification": named} if named else {})


_UNDOING = {str(basis): sorted(map(str, kinds)) for basis, kinds in NATURAL.items()}


def _rates(values: Values) -> dict[str, Any]:
    if values.get("mode") != "marginal":
        return {"mode": "flat", "rate": _percent(values.get("rate"))}
    rows = []
    for each in values.get("brackets") or ():
        row = {"from": _plain(each.get("lower")), "rate": _percent(each.get("rate"))}
        if each.get("upper"):
            row["to"] = _plain(each["upper"])
        rows.append(row)
    return {"mode": "marginal", "reset": values.get("reset") or "year", "brackets": rows}


def _percent(value: object) -> str:
    said = str(value or "").strip().removesuffix("%").strip()
    return f"{said}%" if said else ""


def _plain(value: object) -> str:
    return str(value or "").replace("\u00a0", "").replace(" ", "").replace(",", "")


def values_of(document: dict[str, Any]) -> Values | None:
    """Return the fields that say the same as a document; None where fields cannot say it."""
    try:
        values = {
            "code": document["code"],
            "title": document["title"],
            "currency": document["currency"],
            "effective_from": date.fromisoformat(document["effective"]["from"]),
            "components": [_values(each) for each in document["components"]],
        }
        again = engine.read_plan({**document_of(values), "version": document["version"]})
        return values if again == _without_end(document) else None
    except (KeyError, TypeError, ValueError, AttributeError, Invalid):
        return None


def _without_end(document: dict[str, Any]) -> engine.PlanVersion:
    return engine.read_plan({**document, "effective": {"from": document["effective"]["from"]}})


def _values(component: dict[str, Any]) -> Values:
    rates, timing = component["rates"], component.get("timing") or {}
    values: Values = {
        "code": component["code"],
        "title": component["title"],
        "basis": component["basis"],
        "mode": rates["mode"],
        "share": component.get("share", "whole"),
        "hold_days": timing.get("hold_days", 0),
        "payable": timing.get("payable", "earned"),
        "reset": rates.get("reset", "year"),
        "rate": _as_percent(rates["rate"]) if "rate" in rates else "",
        "brackets": [
            {"lower": str(each["from"]), "upper": str(each.get("to") or ""),
             "rate": _as_percent(each["rate"])}
            for each in rates.get("brackets", ())
        ],
    }  # fmt: skip
    reversal = component.get("reversal") or {}
    named = reversal.get("certification", ())
    values["lapse"] = reversal.get("lapse", "")
    values["certifications"] = [named] if isinstance(named, str) else list(named)
    return {**values, **_conditions(component.get("applies_to"))}


def _as_percent(rate: object) -> str:
    said = str(rate).strip()
    if said.endswith("%"):
        return said.removesuffix("%").strip()
    return exact_text(Fraction(said) * 100) or ""


def _conditions(applies: dict[str, Any] | None) -> Values:
    parts = [] if not applies else applies.get("all", [applies])
    names: Callable[[str], str] = {fact: name for name, fact in FACTS.items()}.__getitem__
    found: Values = {}
    for part in parts:
        ((fact, wanted),) = part.items()
        found[names(fact)] = list(wanted)
    return found
