"""Signed heads as text."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.errors import Broken
from app.ledger.rules.notes import Head, is_signed, key_id, published, read, unpublished, written
from app.ledger.services import signer_of
from tests.ledger.conftest import AT, SECRET

HEAD = Head(5, bytes(range(32)), AT)
SIGNER = signer_of(SECRET)
NOTE = written(HEAD, SIGNER.sign(HEAD), SIGNER.key_id)


def test_a_note_reads_back():
    head, signature, name = read(NOTE)

    assert (head, name) == (HEAD, SIGNER.key_id)
    assert is_signed(head, signature, SIGNER.public_key)


def test_the_public_key_is_that_of_rfc_8032():
    public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    secret = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"

    signer = signer_of(base64.b64encode(bytes.fromhex(secret)).decode())

    assert signer.public_key.hex() == public


@given(st.integers(0, len(NOTE.encode()) - 1), st.integers(1, 255))
def test_any_other_byte_is_noticed(place, change):
    raw = bytearray(NOTE.encode())
    raw[place] ^= change

    assert not holds(raw.decode(errors="replace"))


def holds(note):
    try:
        head, signature, name = read(note)
    except (ValueError, OverflowError, Broken):
        return False
    return name == SIGNER.key_id and is_signed(head, signature, SIGNER.public_key)


def test_a_public_key_reads_back():
    assert unpublished(published(SIGNER.public_key)) == SIGNER.public_key


@pytest.mark.parametrize("text", ["", "a+b+c", "tandem-ledger+00000000+AQ==", "x"])
def test_what_is_no_public_key_is_refused(text):
    with pytest.raises((ValueError, IndexError)):
        unpublished(text)


@pytest.mark.parametrize("secret", ["", "short", "A" * 44, base64.b64encode(b"x" * 33).decode()])
def test_what_is_no_secret_key_is_refused(secret):
    with pytest.raises(Broken):
        signer_of(secret)


def test_the_name_follows_from_the_key():
    assert key_id(SIGNER.public_key) != key_id(bytes(32))
