"""Check a Tandem ledger receipt offline, without Tandem and without a network.

    python verify_receipt.py receipt.json
    python verify_receipt.py receipt.json --key tandem-ledger+1a2b3c4d+AQ...

It needs Python 3.11 or newer and the package ``cryptography``. Give ``--key`` the public key
that the vendor has published (it stands on the verify page, and should also stand somewhere it
cannot change alone, such as your contract). Without it the key inside the receipt is used, which
proves that the receipt is whole, but not whose it is.

What is checked, in this order:

1. body      SHA-256(0x00 + body) is the ``leaf_hash`` that the receipt states (RFC 6962, 2.1).
2. proof     The hashes in ``proof`` lead from that leaf, at ``leaf_index``, to the root in ``head``
             (RFC 9162, 2.1.3.2).
3. signature The Ed25519 signature in ``head`` covers the head's first four lines and was made with
             the public key (C2SP signed-note).

Exit status: 0 the receipt holds, 1 it does not, 2 it cannot be read.
"""

import argparse
import base64
import hashlib
import json
import sys
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT = "tandem-receipt/1"
ORIGIN = "tandem-ledger"


def leads_to(root: bytes, leaf: bytes, index: int, size: int, proof: list[bytes]) -> bool:
    """Return whether ``proof`` shows ``leaf`` at ``index`` in the tree under ``root``."""
    position, last, current = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            current = hashlib.sha256(b"\x01" + sibling + current).digest()
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            current = hashlib.sha256(b"\x01" + current + sibling).digest()
        position, last = position >> 1, last >> 1
    return 0 <= index < size and last == 0 and current == root


def public_key(text: str) -> tuple[str, bytes]:
    """Return the name and the 32 bytes of a published key: origin + name + base64(0x01 + key)."""
    origin, name, packed = text.strip().split("+", 2)
    key = base64.b64decode(packed, validate=True)
    expected = hashlib.sha256(f"{origin}\n".encode() + key).hexdigest()[:8]
    if (origin, name, key[:1], len(key)) != (ORIGIN, expected, b"\x01", 33):
        raise ValueError("the public key is not written as it should be")
    return name, key[1:]


def is_signed(note: str, key_text: str) -> bool:
    """Return whether the note carries a signature of the key over the lines above the empty one."""
    name, key = public_key(key_text)
    text, _, line = note.partition("\n\n")
    dash, origin, signed = line.strip().split(" ")
    raw = base64.b64decode(signed, validate=True)
    if (dash, origin, raw[:4].hex()) != ("\u2014", ORIGIN, name):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(raw[4:], f"{text}\n".encode())
    except InvalidSignature:
        return False
    return True


def checks(receipt: dict, key_text: str) -> list[tuple[str, bool]]:
    """Return each question with its answer."""
    origin, size, root = receipt["head"].split("\n")[:3]
    if receipt["format"] != FORMAT or origin != ORIGIN:
        raise ValueError(f"this is not a receipt of format {FORMAT}")
    leaf = hashlib.sha256(b"\x00" + receipt["body"].encode()).digest()
    proof = [bytes.fromhex(each) for each in receipt["proof"]]
    under = base64.b64decode(root, validate=True)
    place = int(receipt["leaf_index"])
    return [
        ("the entry has the stated hash", leaf.hex() == receipt["leaf_hash"]),
        ("the proof leads to the signed head", leads_to(under, leaf, place, int(size), proof)),
        ("the signature on the head is genuine", is_signed(receipt["head"], key_text)),
    ]


def describe(receipt: dict) -> str:
    """Return what the entry states, for a person."""
    body = json.loads(receipt["body"])
    when = receipt["head"].split("\n")[3]
    return (
        f"{body['name']} (entry {body['id']})\n"
        f"  to     {body['subject']['type']} {body['subject']['id']}\n"
        f"  by     {body['actor']}\n"
        f"  at     {body['at']}, head {when}\n"
        f"  facts  {json.dumps(body['facts'], ensure_ascii=False)}"
    )


def main() -> int:
    """Read the receipt, print each check and the outcome."""
    parser = argparse.ArgumentParser(description="Check a Tandem ledger receipt offline.")
    parser.add_argument("receipt", type=Path, help="the receipt, a JSON file")
    parser.add_argument("--key", default="", help="the public key that the vendor has published")
    given = parser.parse_args()
    try:
        receipt = json.loads(given.receipt.read_text(encoding="utf-8"))
        answers = checks(receipt, given.key or receipt["public_key"])
        for question, passed in answers:
            print("ok    " if passed else "FAILED", question)
        print(describe(receipt))
    except (OSError, ValueError, TypeError, KeyError, IndexError, AttributeError) as wrong:
        print(f"not a readable receipt: {wrong}", file=sys.stderr)
        return 2
    holds = all(passed for _, passed in answers)
    print("The receipt holds." if holds else "The receipt does not hold.")
    if holds and not given.key:
        print("Compare its key with the one the vendor has published: " + receipt["public_key"])
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
