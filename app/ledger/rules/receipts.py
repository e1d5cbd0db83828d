"""Receipts: what proves an entry to somebody who has no access to the database."""

import json
from dataclasses import dataclass
from typing import Any

from app.kernel.errors import Broken
from app.ledger.rules.entries import body_hash
from app.ledger.rules.notes import Head, is_signed, published, read, unpublished, written
from app.ledger.rules.proofs import proves_inclusion

FORMAT = "tandem-receipt/1"
LARGEST = 64 * 1024
"""Longer texts are not read as receipts; in bytes."""

_GARBAGE = (
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    RecursionError,
    OverflowError,
    Broken,
)
_FIELDS = {"format", "body", "leaf_hash", "leaf_index", "proof", "head", "public_key"}


@dataclass(frozen=True, slots=True)
class Receipt:
    """One entry, its place in the log, and the signed head that covers it."""

    body: str
    leaf_index: int
    proof: tuple[bytes, ...]
    head: Head
    signature: bytes
    public_key: bytes
    key_id: str

    @property
    def leaf_hash(self) -> bytes:
        """The hash of the body, as it stands in the log."""
        return body_hash(self.body)

    @property
    def is_included(self) -> bool:
        """Whether the proof leads from the body to the head's root."""
        head = self.head
        return proves_inclusion(
            self.leaf_hash,
            self.leaf_index,
            size=head.tree_size,
            proof=self.proof,
            root=head.root,
        )

    @property
    def is_signed(self) -> bool:
        """Whether the head carries a signature of the key that came with the receipt."""
        return is_signed(self.head, self.signature, self.public_key)

    def as_json(self) -> dict[str, Any]:
        """Return the receipt as it is handed out."""
        return {
            "format": FORMAT,
            "body": self.body,
            "leaf_hash": self.leaf_hash.hex(),
            "leaf_index": self.leaf_index,
            "proof": [each.hex() for each in self.proof],
            "head": written(self.head, self.signature, self.key_id),
            "public_key": published(self.public_key),
        }


def parse(text: str) -> Receipt:
    """Return the receipt that ``text`` states.

    :raises ValueError: if it is not a receipt of this format, whatever else it is
    """
    try:
        return _parse(json.loads(text))
    except _GARBAGE as wrong:
        raise ValueError("not a receipt") from wrong


def _parse(stated: dict[str, Any]) -> Receipt:
    if stated.keys() != _FIELDS or stated["format"] != FORMAT:
        raise ValueError(f"not a receipt of format {FORMAT}")
    if type(stated["leaf_index"]) is not int or not isinstance(stated["body"], str):
        raise ValueError("the place is not a number or the body is not text")
    head, signature, key_id = read(stated["head"])
    receipt = Receipt(
        body=stated["body"],
        leaf_index=stated["leaf_index"],
        proof=tuple(bytes.fromhex(each) for each in stated["proof"]),
        head=head,
        signature=signature,
        public_key=unpublished(stated["public_key"]),
        key_id=key_id,
    )
    if receipt.leaf_hash.hex() != stated["leaf_hash"]:
        raise BodyAltered("the body is not the one that was hashed")
    return receipt


class BodyAltered(ValueError):
    """The body of a receipt does not have the hash that the receipt states."""
