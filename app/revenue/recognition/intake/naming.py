"""Which obligation is meant where an event names none: the only one that it can be of."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from app.kernel.reading import Node
from app.revenue.recognition.events import Kind
from app.revenue.recognition.intake.values import Nodes, Scale
from app.revenue.recognition.terms import Obligation, Pattern, Variable

Fits = Callable[[Obligation], bool]


@dataclass(frozen=True, slots=True)
class Setting:
    """What events refer to, and how amounts are read."""

    scale: Scale
    obligations: tuple[Obligation, ...]
    variables: tuple[Variable, ...]
    added: tuple[tuple[date, Obligation], ...] = ()
    """What modifications add, and from which day."""
    dated: frozenset[str] = frozenset()
    """Obligations that carry the day of their delivery themselves."""

    def on(self, day: date) -> list[Obligation]:
        """Return the obligations that there are on a day."""
        return [*self.obligations, *(each for begins, each in self.added if begins <= day)]


def obligation_named(node: Node, keys: Nodes, kind: Kind, setting: Setting, on: date) -> str:
    """Return which obligation an event is of; where none is named, the only one that fits.

    :raises DocumentRefused: if none is named and several fit
    """
    if "obligation" in keys:
        return keys["obligation"].text()
    if kind in _PAPER:
        return _invoiced(setting, on)
    fits = _FITS.get(kind)
    if fits is None:
        return ""
    if kind is Kind.MILESTONE and "milestone" in keys:
        return only(node, setting.on(on), _with_milestone(keys["milestone"].value))
    known = setting.on(on)
    if kind in _ONCE:
        known = [each for each in known if each.id not in setting.dated] or known
    return only(node, known, fits)


def only(node: Node, known: list[Obligation], fits: Fits) -> str:
    """Return the one obligation that fits, or the only one there is.

    :raises DocumentRefused: if that leaves more than one, or none
    """
    found = [each.id for each in known if fits(each)] or [each.id for each in known]
    if len(found) != 1:
        raise node.refuse(f"“obligation” is missing: say which one, {_either(found)}.")
    return found[0]


def _either(names: Iterable[str]) -> str:
    """Return the first few names, for a sentence."""
    quoted = [f"“{name}”" for name in names]
    few, more = quoted[:3], len(quoted) - 3
    return " or ".join(few) + (f" or one of {more} more" if more > 0 else "")


def _invoiced(setting: Setting, on: date) -> str:
    """Return the only obligation of a contract that is earned as it is invoiced."""
    known = setting.on(on)
    is_so = len(known) == 1 and known[0].pattern is Pattern.AS_INVOICED
    return known[0].id if is_so else ""


def _with_milestone(name: object) -> Fits:
    return lambda each: str(name) in [milestone.id for milestone in each.milestones]


def _of(*patterns: Pattern) -> Fits:
    return lambda each: each.pattern in patterns


def _used(each: Obligation) -> bool:
    return each.pattern is Pattern.USAGE or each.open_ended


def _lapses(each: Obligation) -> bool:
    return each.pattern is Pattern.USAGE


def has_returns(each: Obligation) -> bool:
    """Return whether units of it can come back."""
    return each.returns is not None


def is_costed(each: Obligation) -> bool:
    """Return whether its progress is measured by an expected cost."""
    return each.pattern is Pattern.COST_TO_COST


def is_counted(each: Obligation) -> bool:
    """Return whether its progress or price goes by an expected quantity."""
    return each.pattern in (Pattern.USAGE, Pattern.OUTPUT) or bool(each.tiers)


_PAPER = frozenset({Kind.INVOICE, Kind.CREDIT_NOTE})
_ONCE = frozenset({Kind.DELIVERY, Kind.EXPIRY})
"""What does not befall an obligation that carries its day itself."""
_FITS: dict[Kind, Fits] = {
    Kind.DELIVERY: _of(Pattern.POINT_IN_TIME, Pattern.COST_RECOVERY),
    Kind.USAGE: _used,
    Kind.REDEMPTION: _used,
    Kind.OUTPUT: _of(Pattern.OUTPUT),
    Kind.INPUT: _of(Pattern.OUTPUT),
    Kind.COST: _of(Pattern.COST_TO_COST, Pattern.COST_RECOVERY),
    Kind.PROGRESS: _of(Pattern.PERCENT_COMPLETE),
    Kind.MILESTONE: _of(Pattern.MILESTONES),
    Kind.RETURN: has_returns,
    Kind.EXPIRY: _lapses,
}
