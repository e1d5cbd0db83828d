"""Make the demo company: plan its history, then let the clock run through it month by month."""

from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy import select

from app.accounts.services import learn_rarity
from app.cli.demo import (
    clocks,
    deals,
    firms,
    letters,
    library,
    months,
    people,
    plans,
    programme,
    selling,
)
from app.cli.demo.agenda import moment, working
from app.cli.demo.speed import at_speed, without_pauses
from app.cli.demo.world import World
from app.db.engine import SYSTEM_SCOPE, transaction
from app.identity.models import User
from app.jobs.services import set_aside
from app.kernel.ids import seeded
from app.kernel.period import months_between
from app.ledger.services import sweep

REGISTRATIONS, LATEST, DIRECT = 580, 18, 45
"""How many of each; the latest come in the last days, so that the desk of the reviewers is full."""

Told = Callable[[str], None]


def is_empty() -> bool:
    """Whether nobody is in the database yet."""
    with transaction(SYSTEM_SCOPE, read_only=True) as session:
        return session.scalar(select(User.id).limit(1)) is None


def make(
    *, seed: int, today: date, scale: float = 1.0, vendor: str = "Northwind Systems",
    tell: Told = lambda _: None,
) -> World:  # fmt: skip
    """Make the whole history up to the beginning of ``today``, a transaction a month."""
    world = World(seed=seed, today=today, scale=scale, vendor=vendor)
    with seeded(seed), without_pauses(), set_aside() as wishes:
        world.wishes = wishes
        _set_up(world)
        _plan_deals(world)
        for month in months_between(world.first, today):
            tell(f"{month.start:%B %Y}")
            with at_speed() as session:
                world.session = session
                world.agenda.run_until(world, min(moment(month.until, 0), world.end))
        _finish(world)
    return world


def _set_up(world: World) -> None:
    with at_speed() as session:
        world.session = session
        people.hire(world, world.opening)
        programme.found(world, world.opening + timedelta(hours=2))
        firms.recruit(world, world.opening + timedelta(days=3))
        library.stock(world, world.opening + timedelta(days=12))
        clocks.plan(world)
        plans.plan(world)
        months.plan(world)
        world.agenda.run_until(world, moment(world.first, 0))


def _plan_deals(world: World) -> None:
    """Spread registrations and direct opportunities over the days; the second year is busier."""
    span = (world.end - moment(world.first, 0)).total_seconds()
    for act, count in ((deals.register, REGISTRATIONS), (selling.start_directly, DIRECT)):
        for _ in range(world.sized(count)):
            part = world.dice.random() ** 0.85
            at = working(moment(world.first, 0) + timedelta(seconds=part * span))
            world.plan(at.replace(second=0, microsecond=0), act)
    for _ in range(world.sized(LATEST)):
        at = world.end - timedelta(minutes=world.dice.randint(6 * 60, 6 * 24 * 60))
        while at.weekday() > 4:
            at -= timedelta(days=1)
        world.plan(at, deals.register)


def _finish(world: World) -> None:
    """Leave the letters of the last days, learn which words are rare, seal under one head."""
    with transaction(SYSTEM_SCOPE) as session:
        letters.deliver(session, world.letters, at=world.end)
        learn_rarity(session)
        while sweep(session, at=world.end - timedelta(minutes=5)):
            pass
