"""The embedded server: shared, counted, and up again after any end."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from app.db import embedded
from app.db.embedded.home import home_of
from config import ROOT

_USER = """
import sys
from pathlib import Path
from app.db import embedded
server = embedded.start(Path(sys.argv[1]), durable=False)
print("up", flush=True)
sys.stdin.readline()
server.stop()
"""

Process = subprocess.Popen[str]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("embedded") / "postgres"


@pytest.fixture
def another(folder: Path) -> Iterator[Callable[[], Process]]:
    """Start another process that uses the server, until told to stop by a line."""
    started: list[Process] = []

    def start() -> Process:
        process = subprocess.Popen(
            [sys.executable, "-c", _USER, str(folder)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def answers(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def postmaster(folder: Path) -> int:
    return int((folder / "postmaster.pid").read_text().splitlines()[0])


def test_gives_an_owner_and_an_application_role(folder: Path) -> None:
    server = embedded.start(folder, durable=False)

    with psycopg.connect(server.app_url) as connection:
        found = connection.execute("SELECT current_user, rolsuper FROM pg_roles "
                                   "WHERE rolname = current_user").fetchone()  # fmt: skip
    server.stop()

    assert found == ("tandem_app", False)
    assert not answers(server.app_url)


def test_the_last_user_out_stops_the_server(folder: Path, another: Callable[[], Process]) -> None:
    server = embedded.start(folder, durable=False)
    other = another()

    server.stop()
    still_up = answers(server.owner_url)
    other.communicate("\n", timeout=20)

    assert still_up
    assert not answers(server.owner_url)


def test_a_killed_user_does_not_count(folder: Path, another: Callable[[], Process]) -> None:
    other = another()
    other.kill()
    other.wait()

    server = embedded.start(folder, durable=False)
    server.stop()

    assert not answers(server.owner_url)


def test_comes_up_with_its_data_after_the_server_was_killed(folder: Path) -> None:
    server = embedded.start(folder)
    with psycopg.connect(server.owner_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    os.kill(postmaster(folder), signal.SIGKILL)

    again = embedded.start(folder)
    with psycopg.connect(again.owner_url) as connection:
        found = connection.execute("SELECT answer FROM kept").fetchone()
    again.stop()
    server.stop()

    assert found == (42,)


def test_comes_up_where_another_program_has_the_number_of_a_dead_server(folder: Path) -> None:
    embedded.start(folder, durable=False).stop()
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    lines = [str(stranger.pid), str(folder), "1", "5432", str(folder), "", "0 0", "ready", ""]
    (folder / "postmaster.pid").write_text("\n".join(lines))

    server = embedded.start(folder, durable=False)
    up = answers(server.owner_url)
    server.stop()
    stranger.kill()
    stranger.wait()

    assert up


def test_a_long_path_gets_a_short_socket(tmp_path: Path) -> None:
    home = home_of(tmp_path / ("long" * 40) / "postgres")

    assert home.sockets != home.data
    assert len(str(home.sockets)) < 80


def test_data_of_another_major_version_is_left_alone(tmp_path: Path) -> None:
    data = tmp_path / "postgres"
    data.mkdir()
    (data / "PG_VERSION").write_text("16\n")

    with pytest.raises(embedded.DatabaseUnavailable, match="written by PostgreSQL 16, this is 18"):
        embedded.start(data)


def test_a_second_stop_does_nothing(folder: Path) -> None:
    server = embedded.start(folder, durable=False)

    server.stop()
    began = time.monotonic()
    server.stop()

    assert time.monotonic() - began < 0.1
