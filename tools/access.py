"""Write docs/access.md anew from the routes and the grants: ``python -m tools.access``."""

import sys
from pathlib import Path

from flask import Flask

from app import create_app
from app.access.rules import GRANTS, Permission, Role
from app.kernel.format import label

PAGE = Path(__file__).resolve().parents[1] / "docs" / "access.md"
HEAD = """# Who may do what

The grants stand on one page of code, `app/access/rules.py`; the guard of every route stands in
front of its view (`app/access/guard.py`). A test holds this table against both: a route that is
missing here, or whose guard differs, fails the build. After a change, write it anew with
`python -m tools.access` and read what changed.

Which rows somebody reaches is decided twice, and here not at all: by each feature's queries, and
by row-level security in the database. A partner's identifier that is not the reader's own answers
404 with the same bytes as one that does not exist. A partner on a page of the vendor gets 404;
somebody of the vendor without the permission gets 403, and the denial is recorded in the ledger.

Every route that changes something is POST, carries a CSRF token and an idempotency key, and runs in
one transaction. GET and HEAD run in a read-only transaction. `fresh` asks for the password again
where it was last given more than five minutes ago.
"""


def grants() -> list[str]:
    """Return the table of permissions by role."""
    roles = list(Role)
    lines = [f"| permission | {' | '.join(label(role) for role in roles)} |"]
    lines.append("|---" * (len(roles) + 1) + "|")
    for permission in Permission:
        cells = ["yes" if permission in GRANTS[role] else "" for role in roles]
        lines.append(f"| `{permission}` | {' | '.join(cells)} |")
    return lines


def routes(app: Flask) -> list[str]:
    """Return a line for each route and verb: the verb, the path, the guard."""
    lines = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        guard = getattr(app.view_functions[rule.endpoint], "guard", "NONE")
        verbs = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        lines += [f"| {verb} | `{rule.rule}` | {guard} |" for verb in verbs]
    return sorted(lines, key=lambda line: line.split("`")[1] + line)


def text(app: Flask) -> str:
    """Return the whole page."""
    table = ["| verb | route | guard |", "|---|---|---|", *routes(app)]
    parts = [HEAD, "## Permissions by role\n", *grants(), "\n## Routes\n", *table]
    return "\n".join(parts) + "\n"


def main() -> int:
    """Write the page."""
    PAGE.write_text(text(create_app()), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
