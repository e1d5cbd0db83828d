"""``flask worker``: the process that runs the jobs."""

import logging

import click

from app.cli.place import place_of
from app.jobs.worker import run_worker
from config import settings


@click.command("worker")
@click.option("--name", default="", help="Name of this worker; the same after a restart.")
@click.option("--threads", type=click.IntRange(1, 64), help="How many jobs run at once.")
def commands(name: str, threads: int | None) -> None:
    """Run jobs until told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    known = settings()
    run_worker(
        place_of(known).app_url,
        worker_id=name or known.worker_id,
        threads=threads or known.worker_threads,
    )
