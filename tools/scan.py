"""Look for what should not be there: secrets, risky code, known holes, barriers on pages.

Bandit and pip-audit live in environments of their own under var/tools. What cannot be looked at
here is said to be skipped, and why; it never counts as clean.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools import tracked, visit

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ROOT / "var" / "tools"
BANDIT = "bandit==1.9.4"
AUDIT = "pip-audit==2.10.1"
_EXCUSED = re.compile(r"# noqa: .*\bS\d{3}")
_PATIENCE = 300


class Skipped(Exception):
    """This scan cannot be made here; the message says why."""


def main() -> int:
    """Make every scan; return 1 where one of them found something."""
    found = 0
    scans = {"secrets": tracked.findings, "bandit": risks, "pip-audit": holes, "pages": barriers}
    for name, scan in scans.items():
        try:
            lines = list(scan())
        except Skipped as reason:
            print(f"{name}: skipped, {reason}")
            continue
        print(f"{name}: {len(lines) or 'nothing'} found", *lines, sep="\n  ")
        found += len(lines)
    return int(bool(found))


def risks() -> Iterator[str]:
    """Yield what Bandit finds, but for lines whose reason stands beside them for Ruff.

    Statements made of our own names (B608) are left to Ruff's S608, which pyproject.toml excuses
    in two files.
    """
    command = [_tool("bandit", BANDIT), "-q", "-r", "app", "config.py", "wsgi.py"]
    said = _run([*command, "-ll", "-s", "B608", "-f", "json"])
    for one in _json(said)["results"]:
        line = (ROOT / one["filename"]).read_text("utf-8").splitlines()[one["line_number"] - 1]
        if not _EXCUSED.search(line):
            yield f"{one['filename']}:{one['line_number']}: {one['test_id']} {one['issue_text']}"


def holes() -> list[str]:
    """Return the known vulnerabilities of the locked packages.

    Without a connection pip-audit ends as if all were well, so what it left out is counted.
    """
    command = [_tool("pip-audit", AUDIT), "--require-hashes", "--disable-pip", "-f", "json"]
    said = _run([*command, "--progress-spinner", "off", "-r", "requirements.txt"])
    packages = _json(said)["dependencies"]
    looked_up = [one for one in packages if "skip_reason" not in one]
    if len(looked_up) < len(packages):
        missing = len(packages) - len(looked_up)
        raise Skipped(f"since {missing} of {len(packages)} packages could not be looked up")
    return [
        f"{one['name']} {one['version']}: {hole['id']}, mended in {hole['fix_versions']}"
        for one in looked_up
        for hole in one["vulns"]
    ]


def barriers() -> list[str]:
    """Return what axe and the Nu checker find on every page of the running portal."""
    from tools import pages_check  # it starts a browser, which the other scans do without

    try:
        visit.require_portal()
        return pages_check.problems()
    except visit.NothingToVisit as reason:
        raise Skipped(str(reason)) from None


def _tool(name: str, package: str) -> str:
    """Return the program ``name``, after installing it into an environment of its own."""
    home = TOOLS / package.replace("==", "-")
    program = home / "bin" / name
    if not program.exists():
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        got = _run([str(home / "bin" / "pip"), "install", "-q", package])
        if got.returncode:
            raise Skipped(f"since {package} cannot be installed: is there a package index?")
    return str(program)


def _run(command: list[str]) -> "subprocess.CompletedProcess[str]":
    try:
        return subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=_PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        raise Skipped(f"since it took longer than {_PATIENCE} s") from None


def _json(said: "subprocess.CompletedProcess[str]") -> dict[str, Any]:
    try:
        answer: dict[str, Any] = json.loads(said.stdout)
    except json.JSONDecodeError:
        last = (said.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise Skipped(f"since it failed: {last[:200]}") from None
    return answer


if __name__ == "__main__":
    sys.exit(main())
