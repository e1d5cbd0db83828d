"""The weight of each touch of one journey, per model: exact and adding up to one."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Context, Decimal
from fractions import Fraction

from app.attribution.engine.touches import By, Model, Repeats, Rule, Touch, Weighed
from app.attribution.engine.wording import percent

ZERO, ONE = Fraction(0), Fraction(1)
_PRECISE = Context(prec=50)
_DIGITS = Decimal(10) ** -30
_NOTHING_AFTER = 1000  # half-lives; what is left of the weight then is far below a cent
PAIR = 2


def journey(touches: Sequence[Touch], rule: Rule, won_at: datetime) -> tuple[Touch, ...]:
    """Return the touches that count, in order of time: before the win, inside the look-back."""
    start = None if rule.lookback_days is None else won_at - timedelta(days=rule.lookback_days)
    inside = [
        touch for touch in touches if touch.at <= won_at and (start is None or touch.at >= start)
    ]
    return _repeats(sorted(inside, key=_order), rule.repeats)


def weigh(touches: Sequence[Touch], rule: Rule, won_at: datetime) -> tuple[Weighed, ...]:
    """Return each counting touch with its share; the shares add up to exactly one.

    No touch, or none with a weight, gives nothing: the journey is then nobody's.
    """
    path = journey(touches, rule, won_at)
    if not path:
        return ()
    raw = _MODELS[rule.model](path, rule, won_at)
    scaled = [share * touch.weight for touch, (share, _) in zip(path, raw, strict=True)]
    whole = sum(scaled, ZERO)
    if whole <= 0:
        return ()
    return tuple(
        Weighed(touch, share / whole, reason)
        for touch, share, (_, reason) in zip(path, scaled, raw, strict=True)
    )


def position_weights(count: int, first: Fraction, last: Fraction) -> list[Fraction]:
    """Return first and last as declared and the rest split evenly among those between.

    With no touch between, first and last keep their proportion; a single touch has all.
    """
    if count == 1:
        return [ONE]
    if count == PAIR:
        whole = first + last
        return [first / whole, last / whole] if whole else [ONE / 2, ONE / 2]
    between = (1 - first - last) / (count - 2)
    return [first, *[between] * (count - 2), last]


def decay(age: timedelta, half_life_days: Fraction) -> Fraction:
    """Return 2 to the power of minus age over half-life, to thirty digits."""
    halves = Fraction(age // timedelta(microseconds=1)) / (half_life_days * 86_400_000_000)
    if halves > _NOTHING_AFTER:
        return ZERO
    whole, rest = divmod(halves, 1)
    exponent = _PRECISE.divide(Decimal(rest.numerator), Decimal(rest.denominator))
    power = _PRECISE.exp(_PRECISE.multiply(-exponent, _PRECISE.ln(Decimal(2))))
    return Fraction(power.quantize(_DIGITS, context=_PRECISE)) / (1 << int(whole))


def _order(touch: Touch) -> tuple[datetime, str, str, str]:
    return touch.at, touch.key, touch.partner_id, touch.kind


def _repeats(touches: Sequence[Touch], repeats: Repeats) -> tuple[Touch, ...]:
    if repeats is Repeats.KEEP:
        return tuple(touches)
    kept: list[Touch] = []
    for touch in touches:
        known = kept if repeats is Repeats.ONCE else kept[-1:]
        if touch.partner_id not in [each.partner_id for each in known]:
            kept.append(touch)
    return tuple(kept)


Shares = list[tuple[Fraction, str]]


def _sourced(path: Sequence[Touch], _rule: Rule, _won_at: datetime) -> Shares:
    return [(ONE, "it brought the opportunity")] + [(ZERO, "another partner was first")] * (
        len(path) - 1
    )


def _first(path: Sequence[Touch], _rule: Rule, _won_at: datetime) -> Shares:
    rest = [(ZERO, "not the first touch")] * (len(path) - 1)
    return [(ONE, "the first touch"), *rest]


def _last(path: Sequence[Touch], _rule: Rule, _won_at: datetime) -> Shares:
    rest = [(ZERO, "not the last touch")] * (len(path) - 1)
    return [*rest, (ONE, "the last touch before the win")]


def _linear(path: Sequence[Touch], _rule: Rule, _won_at: datetime) -> Shares:
    reason = f"one of {len(path)} touches, all alike" if len(path) > 1 else "the only touch"
    return [(Fraction(1, len(path)), reason)] * len(path)


def _position(path: Sequence[Touch], rule: Rule, _won_at: datetime) -> Shares:
    return [
        (share, _place(index, len(path)))
        for index, share in enumerate(position_weights(len(path), *rule.ends))
    ]


def _w(path: Sequence[Touch], rule: Rule, _won_at: datetime) -> Shares:
    """Give first, milestone and last their parts; one touch that is two of them has both."""
    count = len(path)
    marked = [index for index, touch in enumerate(path) if touch.milestone]
    middle = marked[0] if marked else count // 2
    first, last = rule.ends
    favoured = {0: first}
    if count > PAIR or marked:
        favoured[middle] = favoured.get(middle, ZERO) + rule.milestone
    favoured[count - 1] = favoured.get(count - 1, ZERO) + last
    others = count - len(favoured)
    left = 1 - first - rule.milestone - last
    shares = []
    for index in range(count):
        share = favoured[index] if index in favoured else left / others
        milestone = index == middle and middle in favoured
        reason = "the touch that made it an opportunity" if milestone else _place(index, count)
        shares.append((share, reason))
    return shares


def _time_decay(path: Sequence[Touch], rule: Rule, won_at: datetime) -> Shares:
    latest = path[-1].at
    return [
        (
            decay(latest - touch.at, rule.half_life_days),
            f"{(won_at - touch.at).days} days before the win, halved every "
            f"{float(rule.half_life_days):g} days",
        )
        for touch in path
    ]


def _roles(path: Sequence[Touch], rule: Rule, _won_at: datetime) -> Shares:
    return [
        (rule.roles.get(touch.role, ZERO), f"its role is {touch.role or 'not named'}")
        for touch in path
    ]


def learned_key(touch: Touch, by: By) -> str:
    """Return under which name a touch has its learned weight."""
    return {By.KIND: touch.kind, By.PARTNER: touch.partner_id, By.ROLE: touch.role}[by]


def _learned(path: Sequence[Touch], rule: Rule, _won_at: datetime) -> Shares:
    """Give each kind, partner or role on the path its weight once, in even parts to its touches.

    What is learned is the effect of its being there at all, so that twice is not twice as much.
    """
    keys = [learned_key(touch, rule.by) for touch in path]
    times = Counter(keys)
    effect = "removal effect" if rule.model is Model.MARKOV else "Shapley value"
    return [
        (
            rule.weights.get(key, rule.otherwise) / times[key],
            f"{effect} of {_named(key, rule.by)} {percent(rule.weights.get(key, rule.otherwise))}"
            + (f", over {times[key]} touches" if times[key] > 1 else ""),
        )
        for key in keys
    ]


def _named(key: str, by: By) -> str:
    if by is By.PARTNER:
        return "this partner"
    return f"{by.value} {key.replace('_', ' ')}" if key else f"a touch without {by.value}"


def _place(index: int, count: int) -> str:
    if index == 0:
        return "the first touch"
    return "the last touch before the win" if index == count - 1 else "a touch in between"


_MODELS: dict[Model, Callable[[Sequence[Touch], Rule, datetime], Shares]] = {
    Model.SOURCED: _sourced,
    Model.FIRST: _first,
    Model.LAST: _last,
    Model.LINEAR: _linear,
    Model.POSITION: _position,
    Model.W: _w,
    Model.TIME_DECAY: _time_decay,
    Model.ROLES: _roles,
    Model.MARKOV: _learned,
    Model.SHAPLEY: _learned,
}
