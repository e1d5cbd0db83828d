"""``flask serve``: everything at once, for one machine: database, web processes, worker.

It is also ``python -m app.cli.serve``, which does not load the portal a second time only to start
it: what is heavy is imported where it is needed.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from types import FrameType
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import click
import psycopg

from app.cli.place import place_of
from app.db import standing
from app.db.address import Addresses
from config import ROOT, Settings, settings

_PATIENCE = 60.0
_GOODBYE = 10.0
_THREADS = 4
_STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Process = subprocess.Popen[bytes]


class Leaving:
    """The wish to stop, which waits while something is being started: nothing is left behind."""

    def __init__(self) -> None:
        self._asked = False
        self._waits = False

    def ask(self, _number: int, _frame: FrameType | None) -> None:
        """Leave at once, or at the end of what is being started."""
        self._asked = True
        if not self._waits:
            raise SystemExit(0)

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Let a wish to stop wait until the end of the block."""
        self._waits = True
        yield
        self._waits = False
        if self._asked:
            raise SystemExit(0)


_leaving = Leaving()


@click.command("serve")
def commands() -> None:
    """Start the database, migrate it, and serve the portal until told to stop."""
    begun = time.monotonic()
    known = settings()
    for number in _STOPS:
        signal.signal(number, _leaving.ask)
    refuse_busy_port(known)
    with _leaving.held():
        place = place_of(known)
    _prepare(known, place)
    with _children() as children:
        _start("web", children, known, place)
        _wait_until_it_answers(known, children)
        _start("worker", children, known, place)
        _welcome(known, time.monotonic() - begun)
        _stand_by(children, known, place)


def refuse_busy_port(known: Settings) -> None:
    """Refuse to start where something else answers already.

    :raises ClickException: with a sentence that says what to do
    """
    family = socket.AF_INET6 if ":" in known.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((known.host, known.port))
        except OSError as problem:
            raise click.ClickException(
                f"{known.host} port {known.port} cannot be used ({problem.strerror}): stop what "
                f"runs there, or choose another: TANDEM_PORT={known.port + 1} make run"
            ) from None


def _prepare(known: Settings, place: Addresses) -> None:
    """Migrate the database where that is due, and load the demo company into an empty one."""
    if not standing.is_current(place.owner_url):
        from app.cli.migrate import bring_up

        bring_up(place)
    if known.is_demo and _is_empty(place):
        from app import create_app
        from app.cli import demo

        click.echo("Making the demo company, once; this takes less than a minute ...")
        with create_app().app_context():
            demo.load()


def _is_empty(place: Addresses) -> bool:
    with psycopg.connect(place.owner_url) as connection:
        return connection.execute("SELECT EXISTS (SELECT FROM app_user)").fetchone() == (False,)


@contextlib.contextmanager
def _children() -> Iterator[dict[str, Process]]:
    """Stop what was started, at the end, whatever happens."""
    children: dict[str, Process] = {}
    try:
        yield children
    finally:
        for number in _STOPS:
            signal.signal(number, signal.SIG_IGN)
        _stop(children)


def _start(name: str, children: dict[str, Process], known: Settings, place: Addresses) -> None:
    python = [sys.executable, "-m"]
    web = [
        "granian", "--interface", "wsgi", "--host", known.host, "--port", str(known.port),
        "--workers", str(known.workers), "--blocking-threads", str(_THREADS), "--no-ws",
        "--workers-kill-timeout", "5", "--respawn-failed-workers", "--log-level", "warning",
        "wsgi:app",
    ]  # fmt: skip
    worker_id = known.worker_id or f"{socket.gethostname()}-{known.port}"
    environment = {
        **os.environ,
        "FLASK_APP": "wsgi",
        "TANDEM_ENVIRONMENT": known.environment.value,
        "TANDEM_DATABASE_URL": place.owner_url,
        "TANDEM_DATABASE_APP_URL": place.app_url,
        "TANDEM_WORKER_ID": worker_id,
    }
    command = [*python, *(web if name == "web" else ["flask", "worker"])]
    # A session of its own: Ctrl-C reaches us alone, and we stop the others in order.
    with _leaving.held():
        children[name] = subprocess.Popen(
            command, cwd=ROOT, env=environment, start_new_session=True
        )


def _stop(children: dict[str, Process]) -> None:
    """Ask each child to finish what it is doing; end those that do not in time."""
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + _GOODBYE
    for child in children.values():
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(max(0.1, deadline - time.monotonic()))
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)  # its own children, where it left any


def _wait_until_it_answers(known: Settings, children: dict[str, Process]) -> None:
    host = "127.0.0.1" if known.host in {"0.0.0.0", "::"} else known.host  # noqa: S104 - compared
    url = f"http://[{host}]" if ":" in host else f"http://{host}"
    deadline = time.monotonic() + _PATIENCE
    while not _answers(f"{url}:{known.port}/health"):
        if (code := children["web"].poll()) is not None:
            raise click.ClickException(f"The web server ended with {code}; see the lines above.")
        if time.monotonic() > deadline:
            raise click.ClickException(f"The portal does not answer after {_PATIENCE:.0f} s.")
        time.sleep(0.05)


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as response:  # noqa: S310 - our own address
            return bool(response.status == 200)
    except HTTPError as problem:
        problem.close()
        return False
    except (URLError, OSError):
        return False


def _welcome(known: Settings, seconds: float) -> None:
    click.echo(f"\nTandem is ready after {seconds:.1f} s: {known.address}\n")
    if known.is_demo and find_spec("app.cli.demo"):
        from app.cli.demo import SIGN_INS  # as above

        click.echo("The demo company; sign in with one click, or as:")
        for who, address in SIGN_INS:
            click.echo(f"  {who:<22} {address}")
        click.echo("")
    click.echo("Ctrl-C stops everything; the data stays.")


def _stand_by(children: dict[str, Process], known: Settings, place: Addresses) -> None:
    """Watch the children: a worker that ends is started again, without a web server we end."""
    while True:
        time.sleep(1)
        if (code := children["web"].poll()) is not None:
            raise click.ClickException(f"The web server ended with {code}.")
        if (code := children["worker"].poll()) is not None:
            click.echo(f"The worker ended with {code} and is started again.", err=True)
            _start("worker", children, known, place)


if __name__ == "__main__":
    commands(prog_name="flask serve")
