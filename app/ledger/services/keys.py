"""The key that signs heads, given to each process at its start."""

import base64

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.kernel.errors import Broken
from app.ledger.rules.notes import Signer

_current: list[Signer] = []


def signer_of(secret: str) -> Signer:
    """Return the signer whose private key is ``secret``: 32 bytes in base64, either alphabet.

    :raises Broken: if it is not such a key
    """
    try:
        raw = base64.b64decode(secret.replace("-", "+").replace("_", "/"), validate=True)
        return Signer(Ed25519PrivateKey.from_private_bytes(raw))
    except ValueError as refused:
        raise Broken("the ledger key is missing or is not base64 of 32 bytes") from refused


def use_signer(signer: Signer) -> None:
    """Make ``signer`` the one that this process signs heads with."""
    _current[:] = [signer]


def current_signer() -> Signer:
    """Return the signer of this process.

    :raises Broken: if none was set
    """
    if not _current:
        raise Broken("no ledger key is set; see LEDGER_KEY in docs/configuration.md")
    return _current[0]
