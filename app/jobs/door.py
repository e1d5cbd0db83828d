"""The only file that knows DBOS, the engine which runs jobs on our database. See ADR 0011.

It is imported where it is called: a web process that only shows pages never needs it.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, make_url, text
from sqlalchemy.orm import Session

from app.db.rows import APP_ROLE

if TYPE_CHECKING:
    from dbos import DBOSClient, EnqueueOptions

APPLICATION = "tandem"
QUEUE = "tandem"
WORKFLOW = "tandem.turn"
VERSION = "1"
"""Raised only when the arguments of a turn change; our own rows hold all that must be resumed."""

_ALIVE = ["ENQUEUED", "DELAYED", "PENDING"]
_clients: WeakKeyDictionary[Engine, "DBOSClient"] = WeakKeyDictionary()


def install(owner_url: str, *, application_role: str = APP_ROLE) -> None:
    """Create or migrate the engine's tables as their owner, and let the application use them."""
    from dbos import DBOS

    url = make_url(owner_url).set(drivername="postgresql+psycopg")
    logging.getLogger("dbos").setLevel(logging.WARNING)
    DBOS.migrate(
        url.render_as_string(hide_password=False), schema="dbos", application_role=application_role
    )


def turn_id(job_id: str, turn: int) -> str:
    """Return the engine's identifier of one turn of a job."""
    return f"{job_id}#{turn}"


def _client(engine: Engine) -> "DBOSClient | None":
    client = _clients.get(engine)
    if client is None:
        with engine.connect() as connection:
            if connection.scalar(text("SELECT to_regclass('dbos.workflow_status')")) is None:
                return None
        from dbos import DBOSClient

        client = DBOSClient(system_database_engine=engine, lazy=True, application_name=APPLICATION)
        _clients[engine] = client
    return client


def submit(session: Session, job_id: str, turn: int, *, delay: timedelta | None = None) -> None:
    """Hand one turn of a job to the engine, in the transaction of ``session``.

    Where the engine's tables do not exist the job stays in our own table, and the first worker
    that comes up takes it from there.
    """
    client = _client(session.connection().engine)
    if client is None:
        return
    options: EnqueueOptions = {
        "workflow_name": WORKFLOW,
        "queue_name": QUEUE,
        "workflow_id": turn_id(job_id, turn),
        "application_name": APPLICATION,
    }
    if delay is not None:
        options["delay_seconds"] = delay.total_seconds()
    client.enqueue_in_transaction(session, options, job_id, turn)


def launch(
    url: str, *, worker_id: str, claims: int, run: Callable[[str, int], None], poll: float = 0.3
) -> None:
    """Start the engine in this process: ``run(job_id, turn)`` is called for each turn.

    The application role has no right to change tables, so a schema behind this version is
    refused, not migrated.
    """
    from dbos import DBOS

    DBOS(
        config={
            "name": APPLICATION,
            "system_database_url": url,
            "dbos_system_schema": "dbos",
            "run_migrations": False,
            "executor_id": worker_id,
            "application_version": VERSION,
            "log_level": "WARNING",
            "sys_db_pool_size": 10,
        }
    )
    DBOS.workflow(name=WORKFLOW, max_recovery_attempts=None)(run)
    DBOS.listen_queues([QUEUE])
    DBOS.launch()
    DBOS.register_queue(QUEUE, worker_concurrency=claims, polling_interval_sec=poll)


def shut_down(patience: timedelta) -> None:
    """Stop the engine, waiting at most ``patience`` for turns that are running."""
    from dbos import DBOS

    DBOS.destroy(workflow_completion_timeout_sec=int(patience.total_seconds()))


def resume_turns_of_the_dead(living: Iterable[str]) -> list[str]:
    """Queue again every turn that runs on a worker not among ``living``; return their ids."""
    from dbos import DBOS

    alive = set(living)
    running = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
    lost = [turn.workflow_id for turn in running if turn.executor_id not in alive]
    if lost:
        DBOS.resume_workflows(lost, queue_name=QUEUE)
    return lost


def known_turns(turn_ids: list[str]) -> set[str]:
    """Return which of the turns the engine still means to run or is running."""
    if not turn_ids:
        return set()
    from dbos import DBOS

    found = DBOS.list_workflows(
        workflow_ids=turn_ids, status=_ALIVE, load_input=False, load_output=False
    )
    return {turn.workflow_id for turn in found}


def forget(turn_ids: list[str]) -> None:
    """Delete the engine's own record of finished turns."""
    if turn_ids:
        from dbos import DBOS

        DBOS.delete_workflows(turn_ids)


def finished_turns(older_than: str, limit: int = 500) -> list[str]:
    """Return turns that ended before the moment ``older_than`` (ISO 8601)."""
    from dbos import DBOS

    found = DBOS.list_workflows(
        status=["SUCCESS", "ERROR", "CANCELLED"],
        completed_before=older_than,
        limit=limit,
        load_input=False,
        load_output=False,
    )
    return [turn.workflow_id for turn in found]
