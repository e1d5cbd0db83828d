"""Refuse files that end without a newline or with several, and files larger than 1 MB."""

import sys
from pathlib import Path

LARGEST = 1_000_000


def fault(file: Path) -> str:
    """Return what is wrong with ``file``, or nothing."""
    content = file.read_bytes()
    if len(content) > LARGEST:
        return f"larger than {LARGEST:,} bytes"
    if not content or b"\0" in content:
        return ""
    if not content.endswith(b"\n"):
        return "no newline at the end"
    return "empty lines at the end" if content.endswith(b"\n\n") else ""


found = [f"{name}: {said}" for name in sys.argv[1:] if (said := fault(Path(name)))]
print("\n".join(found))
sys.exit(bool(found))
