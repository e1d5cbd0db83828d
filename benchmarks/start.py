"""How long a fresh process takes to make the application. Promise: under one second.

Seconds of this process's own work, so that what else the machine does counts for little; the ratio
is to a process that imports only Flask and SQLAlchemy.
"""

import os
import subprocess
import sys
from pathlib import Path

from benchmarks.figures import Figure, figure, show

MOST = 1.0
ROUNDS = 5
ROOT = Path(__file__).resolve().parents[1]
PORTAL = "from app import create_app; create_app()"
BARE = "import flask, sqlalchemy.orm; flask.Flask('bare')"


def seconds(what: str) -> float:
    """Return the least processor time of several processes that only do ``what``."""
    timed = f"import time; at = time.process_time(); {what}; print(time.process_time() - at)"
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    taken = []
    for _ in range(ROUNDS + 1):  # the first one writes the bytecode
        said = subprocess.run(
            [sys.executable, "-c", timed],
            cwd=ROOT, env=environment, check=True, capture_output=True, text=True,
        )  # fmt: skip
        taken.append(float(said.stdout.split()[-1]))
    return min(taken[1:])


def main() -> list[Figure]:
    """Return the seconds, and the ratio."""
    portal, bare = seconds(PORTAL), seconds(BARE)
    return [
        figure("create_app() in a fresh process", portal, MOST, " s"),
        Figure("... to Flask and SQLAlchemy alone", f"{portal / bare:.2f}x", ""),
    ]


if __name__ == "__main__":
    sys.exit(0 if show(main()) else 1)
