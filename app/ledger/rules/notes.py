"""Signed heads as text: a checkpoint in a signed note, as transparency logs write them.

The text is three lines (origin, tree size, root in base64), a line with the moment, an empty line,
and the signature line: a dash, the key's name, and base64 over four bytes of key hash and the
Ed25519 signature of the first four lines. See C2SP signed-note and tlog-checkpoint.
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.ledger.rules.canonical import stamp

ORIGIN = "tandem-ledger"
_ED25519 = b"\x01"


@dataclass(frozen=True, slots=True)
class Head:
    """How long the log is and what its root is, at a moment."""

    tree_size: int
    root: bytes
    at: datetime

    def text(self) -> str:
        """Return the text that is signed."""
        root = base64.b64encode(self.root).decode()
        return f"{ORIGIN}\n{self.tree_size}\n{root}\nsigned {stamp(self.at)}\n"


def key_id(public_key: bytes) -> str:
    """Return the eight hex digits that name a public key in notes."""
    return hashlib.sha256(ORIGIN.encode() + b"\n" + _ED25519 + public_key).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key and the name of its public half."""

    private: Ed25519PrivateKey

    @property
    def public_key(self) -> bytes:
        """The 32 bytes of the public key."""
        return self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @property
    def key_id(self) -> str:
        """The name of the public key."""
        return key_id(self.public_key)

    def sign(self, head: Head) -> bytes:
        """Return the signature over the head's text."""
        return self.private.sign(head.text().encode())


def is_signed(head: Head, signature: bytes, public_key: bytes) -> bool:
    """Return whether ``signature`` is that of ``public_key`` over the head's text."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, head.text().encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def written(head: Head, signature: bytes, name: str) -> str:
    """Return the signed note: the head's text and the signature line of key ``name``."""
    signed = base64.b64encode(bytes.fromhex(name) + signature).decode()
    return f"{head.text()}\n\u2014 {ORIGIN} {signed}\n"


def read(note: str) -> tuple[Head, bytes, str]:
    """Return the head, the signature and the key's name that a signed note states.

    :raises ValueError: if it is not such a note, to the letter
    """
    text, _, line = note.partition("\n\n")
    origin, size, root, moment = text.split("\n")
    dash, name, signed = line.removesuffix("\n").split(" ")
    raw = base64.b64decode(signed, validate=True)
    at = datetime.fromisoformat(moment.removeprefix("signed "))
    head = Head(int(size[:20]), base64.b64decode(root, validate=True), at)
    if (dash, name, origin, len(raw)) != ("\u2014", ORIGIN, ORIGIN, 68):
        raise ValueError("not a signed head of this ledger")
    if at.tzinfo is None or written(head, raw[4:], raw[:4].hex()) != note:
        raise ValueError("the head is not written as it was signed")
    return head, raw[4:], raw[:4].hex()


def published(public_key: bytes) -> str:
    """Return a public key as people pass it on: name, key id, base64 of kind and key."""
    packed = base64.b64encode(_ED25519 + public_key).decode()
    return f"{ORIGIN}+{key_id(public_key)}+{packed}"


def unpublished(text: str) -> bytes:
    """Return the public key that ``published`` wrote.

    :raises ValueError: if it is not one, or its id does not fit
    """
    packed = base64.b64decode(text.strip().split("+", 2)[2], validate=True)
    if packed[:1] != _ED25519 or published(packed[1:]) != text.strip():
        raise ValueError("not a public key of this ledger")
    return packed[1:]
