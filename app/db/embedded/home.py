"""Where an embedded server lives, and as whom it runs."""

import hashlib
import os
import pwd
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

_SYSTEM_USER = "pgserver"
_LONGEST_SOCKET = 100
"""Bytes in the path of a socket; systems allow 103 to 107."""


class DatabaseUnavailable(Exception):
    """The embedded PostgreSQL cannot be started; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Home:
    """Where one server lives, and as whom it runs: PostgreSQL refuses to run as root."""

    data: Path
    sockets: Path
    user: str | None

    @property
    def door_file(self) -> Path:
        """Locked by the one process that starts or stops the server."""
        return self.data.with_name(f"{self.data.name}.door")

    @property
    def users_file(self) -> Path:
        """Share-locked by each process that uses the server."""
        return self.data.with_name(f"{self.data.name}.users")

    @property
    def log(self) -> Path:
        """What the server has to say."""
        return self.data / "server.log"

    def url(self, role: str, database: str) -> str:
        """Return the address of ``database`` for ``role``."""
        return f"postgresql://{role}@/{database}?host={quote(str(self.sockets), safe='')}"

    def give(self, path: Path) -> None:
        """Make ``path`` private to the user the server runs as."""
        path.chmod(0o700)
        if self.user is not None:
            entry = pwd.getpwnam(self.user)
            os.chown(path, entry.pw_uid, entry.pw_gid)


def home_of(folder: Path) -> Home:
    """Return the home of the server whose data is in ``folder``."""
    data = folder.expanduser().resolve()
    data.parent.mkdir(parents=True, exist_ok=True)
    user = _system_user(data) if os.geteuid() == 0 else None
    return Home(data, _socket_folder(data), user)


def _socket_folder(data: Path) -> Path:
    """Return the data folder, or a short one where its path is too long for a socket."""
    if len(os.fsencode(data / ".s.PGSQL.5432")) <= _LONGEST_SOCKET:
        return data
    mark = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    base = Path(tempfile.gettempdir())
    if len(os.fsencode(base)) > _LONGEST_SOCKET // 2:
        base = Path("/tmp")  # noqa: S108 - the folder below is private and checked to be ours
    return base / f"tandem-{mark}"


def _system_user(data: Path) -> str:
    """Return the user whose server this is, or the one to run a new server as."""
    if (data / "PG_VERSION").exists() and (owner := data.stat().st_uid) != 0:
        return pwd.getpwuid(owner).pw_name
    with suppress(KeyError):
        return pwd.getpwnam(_SYSTEM_USER).pw_name
    with suppress(OSError, subprocess.CalledProcessError):
        command = ["useradd", "--system", "--shell", "/bin/false", _SYSTEM_USER]
        subprocess.run(command, check=True, capture_output=True)
        return _SYSTEM_USER
    return "nobody"
