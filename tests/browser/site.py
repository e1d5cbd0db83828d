"""The portal as its own process, on a database whose transactions commit."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.request import urlopen

import pytest
from sqlalchemy.orm import Session

from app.db import engine
from app.kernel import sealing
from app.ledger.services import keys, signer_of, use_signer
from config import ROOT, Settings

PATIENCE = 60.0
_SERVE = ("granian", "--interface", "wsgi", "--blocking-threads", "4", "--log-level", "warning")


@dataclass
class Site:
    """The running portal: where it answers, and the way to its database."""

    settings: Settings
    database: engine.Database = field(repr=False)

    @property
    def url(self) -> str:
        """Where it answers."""
        return self.settings.address

    @property
    def log(self) -> str:
        """What its processes have said, the end of it."""
        return (self.settings.var / "log.txt").read_text()[-4000:]

    @contextmanager
    def changes(self) -> Iterator[Session]:
        """Give a session in the system's reach, and commit what was done with it."""
        doors = (engine._current, sealing._keys, keys._current)
        before = [list(door) for door in doors]
        engine.use(self.database)
        sealing.use(self.settings.data_key_bytes)
        use_signer(signer_of(self.settings.ledger_key))
        try:
            with engine.transaction(engine.SYSTEM_SCOPE) as session:
                yield session
        finally:
            for door, was in zip(doors, before, strict=True):
                door[:] = was

    def wait_for(self, asked: Callable[[Session], object], *, seconds: float = PATIENCE) -> None:
        """Wait until ``asked``, in a new transaction each time, answers with something true."""
        deadline = time.monotonic() + seconds
        while True:
            with self.changes() as session:
                if asked(session):
                    return
            assert time.monotonic() < deadline, f"not within {seconds:.0f} s\n{self.log}"
            time.sleep(0.2)

    def await_answer(self, process: "subprocess.Popen[bytes]") -> None:
        """Wait until the portal answers."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and process.poll() is None:
            try:
                with urlopen(f"{self.url}/health", timeout=5):  # noqa: S310 - our own address
                    return
            except OSError:
                time.sleep(0.1)
        pytest.fail(f"the portal does not answer:\n{self.log}")


def free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _environment(known: Settings) -> dict[str, str]:
    told = {
        "TANDEM_ENVIRONMENT": known.environment.value,
        "TANDEM_DATABASE_URL": known.database_url,
        "TANDEM_DATABASE_APP_URL": known.database_app_url,
        "TANDEM_PORT": str(known.port),
        "TANDEM_VAR": str(known.var),
        "FLASK_APP": "wsgi",
    }
    kept = {key: value for key, value in os.environ.items() if not key.startswith("TANDEM_")}
    return kept | told


@contextmanager
def process_of(site: Site, *command: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Run ``python -m command`` with the settings of ``site``, and end it at the end."""
    with (site.settings.var / "log.txt").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT, env=_environment(site.settings), stdout=log, stderr=log,
        )  # fmt: skip
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def serving(site: Site) -> Iterator[None]:
    """Serve ``site`` with the production server."""
    with process_of(site, *_SERVE, "--port", str(site.settings.port), "wsgi:app") as process:
        site.await_answer(process)
        yield
