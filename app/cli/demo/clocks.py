"""What runs by the clock while the history is made: protections lapse, answers become overdue."""

from datetime import datetime, timedelta

from app.cli.demo.agenda import moment
from app.cli.demo.world import World
from app.deals import services


def plan(world: World) -> None:
    """Look after the clocks once a day."""
    day = world.first
    while moment(day, 6) < world.end:
        world.plan(moment(day, 6), tick)
        day += timedelta(days=1)
    world.plan(world.end - timedelta(minutes=10), tick)


def tick(world: World, at: datetime) -> None:
    """Do what the scheduled jobs do."""
    services.warn_reviewers(world.session, at=at)
    services.escalate(world.session, at=at)
    services.lapse_protections(world.session, at=at)
    services.remind_holders(world.session, at=at)
