"""Where the database is: as the settings say, or the embedded server, started when asked for."""

import atexit
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from app.db.rows import APP_ROLE


@dataclass(frozen=True, slots=True)
class Addresses:
    """One database as its owner (migrations) and as the application role see it."""

    owner_url: str
    app_url: str


@lru_cache(maxsize=1)
def addresses(owner_url: str, app_url: str, folder: Path) -> Addresses:
    """Return where the database is; without ``owner_url``, the embedded one in ``folder``.

    The embedded server is held until this process ends.
    """
    if owner_url:
        return Addresses(owner_url, app_url or _as_app_role(owner_url))
    # Imported here so that a process that is given an address does not load what starts a server.
    from app.db import embedded

    server = embedded.start(folder)
    atexit.register(server.stop)
    return Addresses(server.owner_url, server.app_url)


def _as_app_role(owner_url: str) -> str:
    """Return an address that signs in as the owner and at once takes the application role.

    This guards against mistakes; against an intruder only a login of its own does.
    """
    taking = f"-c%20role%3D{APP_ROLE}"
    if "options=" in owner_url:
        return owner_url.replace("options=", f"options={taking}%20", 1)
    return f"{owner_url}{'&' if '?' in owner_url else '?'}options={taking}"
