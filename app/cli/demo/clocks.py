"""What runs by the clock while the history is made: protections lapse, answers become overdue."""

from datetime import datetime, timedelta

from sqlalchemy import select

from app.cli.demo.agenda import moment
from app.cli.demo.world import World
from app.deals import services
from app.deals.models import Registration
from app.deals.rules import DealState

_CLOSELY = timedelta(days=10)


def plan(world: World) -> None:
    """Look after the clocks once a week, and daily in the days that people will look at."""
    day = world.first
    while moment(day, 6) < world.end:
        world.plan(moment(day, 6), tick)
        day += timedelta(days=1 if world.end - moment(day) < _CLOSELY else 7)
    world.plan(world.end - timedelta(minutes=10), tick)


def tick(world: World, at: datetime) -> None:
    """Do what the scheduled jobs do."""
    services.warn_reviewers(world.session, at=at)
    services.escalate(world.session, at=at)
    if services.lapse_protections(world.session, at=at):
        _note_lapses(world)
    services.remind_holders(world.session, at=at)


def _note_lapses(world: World) -> None:
    world.session.flush()
    gone = select(Registration.id).where(Registration.state == DealState.EXPIRED)
    expired = set(world.session.scalars(gone))
    for claim in world.claims:
        if claim.id in expired:
            claim.state = DealState.EXPIRED
