"""Look for secrets and for addresses of package indexes in the files that git tracks."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SECRETS = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/]{40}"),
    "an access key": re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    "a token": re.compile(r"\b(?:ghp|gho|ghs|glpat|xox[abp])[-_][A-Za-z0-9_-]{20,}"),
    "a password in an address": re.compile(r"\w+://[^/\s:@'\"]+:(?!password@)[^/\s:@'\"]{6,}@"),
    "the address of a package index": re.compile(
        r"--(?:extra-)?index-url|https?://[^\s]*/simple\b"
    ),
}
SKIPPED = re.compile(r"/vendor/|^tests/|^tools/tracked")


def files() -> list[Path]:
    """Return the files that git tracks, but for vendored ones and for tests, which invent some."""
    said = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True)
    return [ROOT / name for name in said.stdout.splitlines() if not SKIPPED.search(name)]


def findings() -> Iterator[str]:
    """Yield a line for each thing in a tracked file that should not be there."""
    for file in files():
        try:
            lines = file.read_text("utf-8").splitlines()
        except (UnicodeDecodeError, FileNotFoundError):
            continue
        for number, line in enumerate(lines, 1):
            for title, pattern in SECRETS.items():
                if pattern.search(line):
                    yield f"{file.relative_to(ROOT)}:{number}: {title}"
