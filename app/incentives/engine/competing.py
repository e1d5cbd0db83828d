"""Which components look at what happens on a day, and which of them compete for it."""

from collections.abc import Sequence
from datetime import date

from app.incentives.engine.plan import Component, PlanVersion
from app.incentives.engine.state import Place


class InForce:
    """The components of the plan versions in force, by day; those in one group stand together."""

    def __init__(self, versions: Sequence[PlanVersion]) -> None:
        self._versions = versions
        self._known: dict[tuple[int, ...], list[list[Place]]] = {}

    def on(self, day: date) -> list[list[Place]]:
        """Return the components in force on a day: in one list those of which only one pays."""
        numbers = tuple(n for n, plan in enumerate(self._versions) if plan.contains(day))
        if numbers not in self._known:
            self._known[numbers] = _groups([self._versions[number] for number in numbers])
        return self._known[numbers]


def _groups(plans: Sequence[PlanVersion]) -> list[list[Place]]:
    groups: dict[str, list[Place]] = {}
    for plan in plans:
        for component in plan.components:
            groups.setdefault(_group(plan, component), []).append((plan, component))
    return list(groups.values())


def _group(plan: PlanVersion, component: Component) -> str:
    """Return the name under which components compete; each one that adds has its own.

    Amounts of different currencies cannot be compared, so that plans compete within their own.
    """
    stacking = component.stacking
    if stacking is None or stacking.rule == "add":
        return f"alone {plan.code} {plan.version} {component.code}"
    return f"{stacking.rule} {plan.currency} {stacking.group}"
