"""Look for secrets and for addresses of package indexes in the files that git tracks."""

import re
import subprocess
import sys
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


SKIPPED = re.compile(r"/vendor/|^tests/|^tools/scan")


def tracked() -> list[Path]:
    """Return the files that git tracks, but for vendored ones and for tests, which invent some."""
    said = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True)
    return [ROOT / name for name in said.stdout.splitlines() if not SKIPPED.search(name)]


def findings(file: Path) -> list[str]:
    """Return one line for each thing in ``file`` that should not be there."""
    try:
        lines = file.read_text("utf-8").splitlines()
    except (UnicodeDecodeError, FileNotFoundError):
        return []
    return [
        f"{file.relative_to(ROOT)}:{number}: {title}"
        for number, line in enumerate(lines, 1)
        for title, pattern in SECRETS.items()
        if pattern.search(line)
    ]


def main() -> int:
    """Print what was found; return 1 if anything was."""
    found = [line for file in tracked() for line in findings(file)]
    if found:
        print(*found, sep="\n")
    else:
        print("Nothing was found.")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
