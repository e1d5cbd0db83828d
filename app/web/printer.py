"""The parent's side of a printing child: started when first needed, replaced when it dies.

A plain subprocess, not :mod:`multiprocessing`: a server's worker may be a daemonic process, which
may not have children there, and its own main module must not be run again in ours. WeasyPrint and
Vega are loaded in the child only, so the web process stays small and a fork of it never hangs.
"""

import atexit
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from app.kernel.errors import Broken, Conflict

_PROGRAM = Path(__file__).with_name("press.py")
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "XDG_CACHE_HOME", "DYLD_FALLBACK_LIBRARY_PATH")
_GOODBYE_SECONDS = 2.0


class PrinterBusy(Conflict):
    """Every place at the printer is taken and none came free in time."""

    status = 503
    code = "print.busy"


class PrintedTooLong(Conflict):
    """The document was not finished within its time."""

    status = 503
    code = "print.too_long"


class _Gone(Exception):
    """The child ended before it answered."""


class Printer:
    """One child of a kind (``pdf``, ``chart``) for this process, used by one thread at a time."""

    def __init__(self, kind: str, *, seconds: float, patience: float = 20.0) -> None:
        self.kind, self.seconds, self.patience = kind, seconds, patience
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: Connection | None = None
        self._owner = os.getpid()
        atexit.register(self.stop)

    @property
    def pid(self) -> int | None:
        """The process id of the child, if one runs."""
        return self._process.pid if self._process is not None else None

    def run(self, facts: dict[str, Any], blobs: Sequence[bytes]) -> bytes:
        """Return what the child makes of ``facts`` and ``blobs``; a dead child is replaced once.

        :raises PrinterBusy: if no turn came within the patience
        :raises PrintedTooLong: if the child did not answer in time; it is ended
        """
        if self._owner != os.getpid():
            self._forget()
        if not self._turn.acquire(timeout=self.patience):
            raise PrinterBusy("The printer is busy. Try again in a minute.")
        try:
            return self._run(facts, blobs)
        finally:
            self._turn.release()

    def stop(self) -> None:
        """End the child, if this process started one. A second call does nothing."""
        if self._process is None or self._owner != os.getpid():
            return
        if self._channel is not None:
            self._channel.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_GOODBYE_SECONDS)
        self._process.kill()
        self._process.wait()
        self._process = self._channel = None

    def _run(self, facts: dict[str, Any], blobs: Sequence[bytes]) -> bytes:
        for _ in range(2):
            try:
                return self._ask(facts, blobs)
            except _Gone:
                self._end()
            except PrintedTooLong:
                self._end()
                raise
        raise Broken(f"the {self.kind} child died twice over one document")

    def _ask(self, facts: dict[str, Any], blobs: Sequence[bytes]) -> bytes:
        channel = self._channel or self._start()
        try:
            channel.send_bytes(json.dumps({**facts, "blobs": len(blobs)}).encode())
            for blob in blobs:
                channel.send_bytes(blob)
            if not channel.poll(self.seconds):
                raise PrintedTooLong("The document takes too long to print. Ask for a shorter one.")
            outcome, answer = channel.recv_bytes(), channel.recv_bytes()
        except (EOFError, OSError):
            raise _Gone from None
        if outcome != b"done":
            raise Broken(f"{self.kind}: {answer.decode(errors='replace')}")
        return answer

    def _start(self) -> Connection:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", str(_PROGRAM), self.kind],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                cwd=_PROGRAM.parent,
                env={name: os.environ[name] for name in _KEPT if name in os.environ},
            )
        self._channel = Connection(ours.detach())
        return self._channel

    def _end(self) -> None:
        if self._channel is not None:
            self._channel.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = self._channel = None

    def _forget(self) -> None:
        """After a fork the child belongs to the parent: let go of it without a word."""
        if self._channel is not None:
            self._channel.close()
        self._turn = threading.Lock()
        self._process = self._channel = None
        self._owner = os.getpid()
