"""A file of many events through ``flask incentives calculate``: its time and its memory.

``python -m benchmarks.incentives_files [events]``. The promises: lines as JSON come in two thirds
of the plain engine's time (reading and printing included), reading a file as a stream takes at most
half as long again as holding it, and traces of all lines leave memory under 600 MB. Times are of
the processor, measured in turn.
"""

import json
import os
import random
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

from benchmarks.figures import Figure, figure, show

MOST_OF_PLAIN, MOST_OF_HELD, MOST_MB = 0.65, 1.5, 600.0
_PROGRAM = """
from app.cli.incentives import columnar, commands, documents
columnar.MANY, documents.LARGE = {many}, {large}
commands()
"""
_FEW, _HELD = 10**9, 10**12


@dataclass(frozen=True, slots=True)
class Run:
    """The processor's seconds, the largest memory in MB, and how many bytes were printed."""

    seconds: float
    memory: float
    printed: int


def main(events: int = 100_000) -> list[Figure]:
    """Return what the command takes for a file, held and as a stream."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "many.json"
        _write(file, events)
        plain = _calculate(file, "json", many=_FEW, large=_HELD)
        held = _calculate(file, "json", many=0, large=_HELD)
        streamed = _calculate(file, "json", many=0, large=0)
        traced = _calculate(file, "json", "--explain", many=0, large=0)
    assert plain.printed == held.printed == streamed.printed
    return [
        Figure(f"calculate {events:,} events as JSON", f"{held.seconds:.1f} s", ""),
        figure("... to the plain engine", held.seconds / plain.seconds, MOST_OF_PLAIN),
        figure("... as a stream, to held", streamed.seconds / held.seconds, MOST_OF_HELD),
        figure("... as a stream with all traces", traced.memory, MOST_MB, " MB"),
    ]


def _write(file: Path, count: int) -> None:
    """Write a plan with a marginal table, and payments of some hundred partners."""
    chance = random.Random(5)  # noqa: S311  # samples, not secrets
    partners = [f"p{number:04}" for number in range(count // 200 or 1)]
    brackets = [{"from": 0, "rate": "5%"}, {"from": 100000, "rate": "6%"}]
    component = {
        "code": "volume",
        "title": "Volume commission",
        "basis": "collected",
        "rates": {"mode": "marginal", "reset": "year", "brackets": brackets},
    }
    plan = {"code": "annual", "version": 1, "title": "Annual volume", "currency": "EUR"}
    told = {
        "plans": plan | {"effective": {"from": "2025-01-01"}, "components": [component]},
        "partners": [{"id": each, "programme": "reseller"} for each in partners],
        "events": [
            {
                "key": f"pay-{number}",
                "kind": "collected",
                "on": f"2025-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
                "partner": chance.choice(partners),
                "order": f"o-{number}",
                "amount": f"{chance.randint(1, 900_000) / 100:.2f}",
                "currency": "EUR",
            }
            for number in range(count)
        ],
    }
    file.write_text(json.dumps(told))


def _calculate(file: Path, form: str, *options: str, many: int, large: int) -> Run:
    """Run the command in a process of its own."""
    program = _PROGRAM.format(many=many, large=large)
    words = [sys.executable, "-c", program, "calculate", str(file), "--format", form, *options]
    with tempfile.TemporaryFile() as output:
        started = Popen(words, stdout=output)  # our own words
        _, status, used = os.wait4(started.pid, 0)
        started.returncode = os.waitstatus_to_exitcode(status)
        if started.returncode:
            raise RuntimeError(f"the command ended with {started.returncode}")
        size = os.fstat(output.fileno()).st_size
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return Run(used.ru_utime + used.ru_stime, used.ru_maxrss / unit, size)


if __name__ == "__main__":
    sys.exit(not show(main(*map(int, sys.argv[1:]))))
