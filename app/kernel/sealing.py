"""Secrets at rest: AES-GCM with a key that can be rotated."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.kernel.errors import Broken

_NONCE = 12
_keys: list[bytes] = []


def use(*keys: bytes) -> None:
    """Seal with the first of ``keys`` (32 bytes each) from now on; open with any of them."""
    _keys[:] = keys


def seal(plain: str, context: str) -> bytes:
    """Return ``plain`` encrypted; it opens only with the same ``context`` (table, column and id).

    :raises Broken: if no key was given
    """
    if not _keys:
        raise Broken("no data key is set")
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(_keys[0]).encrypt(nonce, plain.encode(), context.encode())


def unseal(sealed: bytes, context: str) -> str:
    """Return what was sealed.

    :raises Broken: if no key opens it, or it was sealed for another context
    """
    for key in _keys:
        try:
            plain = AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], context.encode())
        except InvalidTag:
            continue
        return plain.decode()
    raise Broken("no data key opens this")
