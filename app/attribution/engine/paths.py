"""Many journeys told as paths of channels: what each channel brought, by one model."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from app.attribution.engine.credit import shares
from app.attribution.engine.touches import Rule, Touch
from app.kernel.errors import Invalid

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


class PathRefused(Invalid):
    """A path cannot be read; the sentence says why."""

    code = "attribution.path"


@dataclass(frozen=True, slots=True)
class Path:
    """One path of channels, how often it converted, what that brought, how often it did not.

    ``hours`` says for each touch how long before the conversion it was; without it the touches are
    a day apart, the last at the conversion.
    """

    channels: tuple[str, ...]
    conversions: Fraction
    value: Fraction = Fraction(0)
    nulls: Fraction = Fraction(0)
    hours: tuple[Fraction, ...] = ()


@dataclass(frozen=True, slots=True)
class Brought:
    """What one channel brought over all paths, exactly."""

    channel: str
    conversions: Fraction
    value: Fraction


def read_channels(text: str, separator: str = ">") -> tuple[str, ...]:
    """Return the channels of ``a > b > c``.

    :raises PathRefused: if there is none, or one is empty
    """
    channels = tuple(part.strip() for part in text.split(separator))
    if not all(channels):
        raise PathRefused(f"“{text[:60]}” has an empty channel.")
    return channels


def credit_paths(paths: Iterable[Path], rule: Rule) -> tuple[Brought, ...]:
    """Return what each channel brought, by name; conversions and values add up to the paths'."""
    conversions: dict[str, Fraction] = defaultdict(Fraction)
    values: dict[str, Fraction] = defaultdict(Fraction)
    for path in paths:
        touches = _touches(path)
        won_at = EPOCH if path.hours else max(touch.at for touch in touches)
        for channel, share in shares(touches, rule, won_at=won_at).items():
            conversions[channel] += share * path.conversions
            values[channel] += share * path.value
        for channel in path.channels:
            conversions[channel] += 0
    return tuple(
        Brought(channel, conversions[channel], values[channel]) for channel in sorted(conversions)
    )


def _touches(path: Path) -> Sequence[Touch]:
    if path.hours and len(path.hours) != len(path.channels):
        raise PathRefused("A path needs one time for each of its channels.")
    hours = path.hours or [Fraction(24 * back) for back in range(len(path.channels))][::-1]
    return [
        Touch(
            partner_id=channel,
            at=EPOCH - timedelta(microseconds=round(before * 3_600_000_000)),
            key=f"{index:06d}",
        )
        for index, (channel, before) in enumerate(zip(path.channels, hours, strict=True))
    ]
