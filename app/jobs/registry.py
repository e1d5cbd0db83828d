"""The names of jobs and the functions behind them; features fill it when they are imported."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from app.jobs.rules import DELAYS, TICK_DELAYS, Cron, Every, schedule_of
from app.kernel.errors import Broken

Handler = Callable[..., Any]
H = TypeVar("H", bound=Handler)


@dataclass(frozen=True, slots=True)
class JobKind:
    """What runs under one name: a handler, or a plan with one act per key and a finish."""

    name: str
    run: Handler
    plan: Callable[..., Sequence[str]] | None = None
    finish: Handler | None = None
    schedule: Every | Cron | None = None
    delays: tuple[timedelta, ...] = DELAYS
    on_failure: Handler | None = None


_kinds: dict[str, JobKind] = {}
_witnesses: list[Handler] = []


def _add(kind: JobKind) -> None:
    known = _kinds.get(kind.name)
    if known is not None and known.run.__qualname__ != kind.run.__qualname__:
        raise Broken(f"two jobs are named {kind.name}")
    _kinds[kind.name] = kind


def job(
    name: str, *, delays: tuple[timedelta, ...] = DELAYS, on_failure: Handler | None = None
) -> Callable[[H], H]:
    """Run ``fn(session, *, at, **kwargs)`` under ``name``: one transaction, system scope, once.

    A failed attempt is repeated after each of ``delays``, then the job is parked. The transaction
    that notes the failure also calls ``on_failure(session, *, at, error, parked, **kwargs)``.
    """

    def register(handler: H) -> H:
        _add(JobKind(name, handler, delays=delays, on_failure=on_failure))
        return handler

    return register


def scheduled(name: str, *, every: timedelta | str) -> Callable[[H], H]:
    """Run ``fn(session, *, at)`` at each step of ``every`` (a duration, or a cron line in UTC).

    Slots that passed while no worker ran are made up for by one run.
    """

    def register(handler: H) -> H:
        _add(JobKind(name, handler, schedule=schedule_of(every), delays=TICK_DELAYS))
        return handler

    return register


def steps(
    name: str,
    *,
    plan: Callable[..., Sequence[str]],
    finish: Handler | None = None,
    delays: tuple[timedelta, ...] = DELAYS,
    on_failure: Handler | None = None,
) -> Callable[[H], H]:
    """Run ``do(session, key, *, at, **kwargs)`` once for each key that ``plan`` names.

    ``plan(session, *, at, **kwargs)`` is asked once; each key is a transaction of its own;
    ``finish(session, *, at, **kwargs)`` runs after the last. ``on_failure`` as for a job.
    """

    def register(handler: H) -> H:
        _add(JobKind(name, handler, plan, finish, delays=delays, on_failure=on_failure))
        return handler

    return register


def witness(handler: H) -> H:
    """Call ``fn(session, act, *, job_id, actor, at)`` when a person decides on a parked job."""
    if handler not in _witnesses:
        _witnesses.append(handler)
    return handler


def witnesses() -> list[Handler]:
    """Return everybody who wants to hear of decisions."""
    return list(_witnesses)


def find(name: str) -> JobKind:
    """Return what runs under ``name``.

    :raises Broken: if no job has that name
    """
    try:
        return _kinds[name]
    except KeyError:
        raise Broken(f"no job is named {name}") from None


def kinds() -> list[JobKind]:
    """Return every registered job, by name."""
    return [_kinds[name] for name in sorted(_kinds)]
