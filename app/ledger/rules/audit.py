"""The walk over a log, one leaf after the other: every hash, node, head and signature once more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.ledger.rules.entries import Happening, body_hash, disagreement
from app.ledger.rules.notes import Head, is_signed, key_id
from app.ledger.rules.proofs import proves_consistency
from app.ledger.rules.tree import EMPTY_ROOT, Frontier, Node


@dataclass(frozen=True, slots=True)
class Bad:
    """The first thing that does not hold; ``entry_id`` is the entry at which it shows."""

    entry_id: int | None
    what: str
    sentence: str

    def __str__(self) -> str:
        """Say where and what on one line."""
        entry = "" if self.entry_id is None else f"entry {self.entry_id}, "
        return f"{entry}{self.what}: {self.sentence}"


class Found(Exception):
    """Stops the walk at the first bad thing."""

    def __init__(self, entry_id: int | None, what: str, sentence: str) -> None:
        super().__init__(sentence)
        self.bad = Bad(entry_id, what, sentence)


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry as the database holds it."""

    happening: Happening
    body: str
    leaf_hash: bytes

    def check(self) -> bytes:
        """Return the hash of the body.

        :raises Found: if the stored hash or a column says something else
        """
        number, hashed = self.happening.id, body_hash(self.body)
        if self.leaf_hash != hashed:
            raise Found(number, "body", "it does not have the hash recorded with it")
        if column := disagreement(self.happening, self.body):
            raise Found(number, column, "the column and the hashed body disagree")
        return hashed


@dataclass(frozen=True, slots=True)
class StoredHead:
    """A head as the database holds it."""

    head: Head
    key_id: str
    signature: bytes
    previous_size: int
    consistency: Sequence[bytes]


class Walk:
    """Grows the tree anew, leaf by leaf, and compares what is stored with what it must be."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        for name, key in keys.items():
            if key_id(key) != name:
                raise Found(None, f"key {name}", "the public key does not have this name")
        self.keys = keys
        self.frontier = Frontier()
        self.previous = (0, EMPTY_ROOT)

    def leaf(self, entry: StoredEntry, stored: bytes, nodes: Mapping[Node, bytes]) -> None:
        """Take the next leaf with its entry, and compare each node that it completes.

        :raises Found: if the entry, the leaf or a node is not what it must be
        """
        number, index = entry.happening.id, self.frontier.size
        hashed = entry.check()
        if stored != hashed:
            raise Found(number, f"leaf {index}", "it was sealed with another hash than it has")
        for node, expected in self.frontier.append(hashed):
            if nodes.get(node) != expected:
                sentence = "the stored node does not follow from the leaves below it"
                raise Found(number, f"node {node[0]}/{node[1]}", sentence)

    def sealed(self, stored: StoredHead, entry_id: int) -> None:
        """Compare a head with the tree as it has grown so far.

        :raises Found: if its root, place, proof or signature is not what it must be
        """
        head, now = stored.head, (self.frontier.size, self.frontier.root())
        wrong = ""
        if (head.tree_size, head.root) != now:
            wrong = "its root does not follow from the leaves"
        elif stored.previous_size != self.previous[0]:
            wrong = "it does not follow the head before it"
        elif not self._grew(now, stored.consistency):
            wrong = "its consistency proof does not lead here from the head before it"
        elif stored.key_id not in self.keys:
            wrong = "the key that signed it is not known"
        elif not is_signed(head, stored.signature, self.keys[stored.key_id]):
            wrong = "its signature is not genuine"
        if wrong:
            raise Found(entry_id, f"head {head.tree_size}", wrong)
        self.previous = now

    def _grew(self, now: tuple[int, bytes], proof: Sequence[bytes]) -> bool:
        if self.previous[0] == 0:
            return not proof
        return proves_consistency(self.previous, now, proof=proof)
