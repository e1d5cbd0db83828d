"""The tree against the published vectors, and against its own definition."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ledger.rules.proofs import proves_consistency, proves_inclusion
from app.ledger.rules.tree import (
    EMPTY_ROOT,
    Frontier,
    consistency_parts,
    fold,
    hashes,
    inclusion_parts,
    leaf_hash,
    node_hash,
    root,
    subtrees,
)
from config import ROOT

VECTORS = ROOT.parent / "shared" / "data" / "vectors" / "rfc6962"
needs_vectors = pytest.mark.skipif(
    not VECTORS.is_dir(), reason="the RFC 6962 vectors are not in ../shared/data/vectors"
)


def vectors(name):
    file = VECTORS / f"{name}.json"
    return json.loads(file.read_text()) if file.exists() else {"cases": []}


def cases(name):
    found = vectors(name)["cases"]
    return [pytest.param(case, id=case["file"].removeprefix("testdata/")) for case in found]


def by_definition(leaves):
    """MTH of RFC 6962, section 2.1, word for word."""
    if len(leaves) < 2:
        return leaves[0] if leaves else EMPTY_ROOT
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(by_definition(leaves[:split]), by_definition(leaves[split:]))


def grown(count):
    """Return leaf hashes, and a look-up of every complete subtree over them."""
    leaves = [leaf_hash(number.to_bytes(4)) for number in range(count)]
    frontier = Frontier()
    nodes = {(0, index): leaf for index, leaf in enumerate(leaves)}
    for leaf in leaves:
        nodes.update(frontier.append(leaf))
    return leaves, nodes.__getitem__


@needs_vectors
class TestVectors:
    def test_roots_of_the_published_leaves(self):
        told = vectors("roots")
        leaves = [leaf_hash(bytes.fromhex(each)) for each in told["leaf_inputs_hex"]]

        roots = {str(size): root(leaves[:size]).hex() for size in range(1, 9)}

        assert roots == {size: told["roots_by_size"][size] for size in roots}
        assert told["empty_root"] == EMPTY_ROOT.hex()

    @pytest.mark.parametrize("case", cases("inclusion"))
    def test_inclusion(self, case):
        holds = proves_inclusion(
            bytes.fromhex(case["leaf_hash"]),
            case["leaf_index"],
            size=case["tree_size"],
            proof=[bytes.fromhex(each) for each in case["proof"] or []],
            root=bytes.fromhex(case["root"]),
        )

        assert holds is not case["want_error"]

    @pytest.mark.parametrize("case", cases("consistency"))
    def test_consistency(self, case):
        holds = proves_consistency(
            (case["size1"], bytes.fromhex(case["root1"])),
            (case["size2"], bytes.fromhex(case["root2"])),
            proof=[bytes.fromhex(each) for each in case["proof"] or []],
        )

        assert holds is not case["want_error"]


@given(st.integers(0, 300))
def test_the_frontier_agrees_with_the_definition(count):
    leaves, _ = grown(count)

    assert root(leaves) == by_definition(leaves)


@given(st.data())
def test_every_leaf_is_proved_and_no_other_is(data):
    size = data.draw(st.integers(1, 200))
    index = data.draw(st.integers(0, size - 1))
    leaves, fetch = grown(size)

    proof = hashes(inclusion_parts(index, size), fetch)

    told = {"size": size, "proof": proof, "root": by_definition(leaves)}
    assert proves_inclusion(leaves[index], index, **told)
    assert not proves_inclusion(leaf_hash(b"other"), index, **told)
    assert not proves_inclusion(leaves[index], (index + 1) % (size + 1), **told)


@given(st.data())
def test_growth_is_proved_and_rewriting_is_not(data):
    new = data.draw(st.integers(1, 200))
    old = data.draw(st.integers(1, new))
    leaves, fetch = grown(new)
    before, after = by_definition(leaves[:old]), by_definition(leaves)

    proof = hashes(consistency_parts(old, new), fetch)

    assert proves_consistency((old, before), (new, after), proof=proof)
    assert not proves_consistency((old, leaf_hash(b"x")), (new, after), proof=proof)
    assert not proves_consistency((old, before), (new, after), proof=[*proof, after])


@given(st.integers(1, 10**9))
def test_a_root_is_put_together_from_few_subtrees(size):
    parts = subtrees(0, size)

    assert sum(1 << level for level, _ in parts) == size
    assert len(parts) <= 30


def test_a_frontier_taken_up_again_grows_the_same_tree():
    leaves, fetch = grown(100)
    resumed = Frontier(37, [fetch(node) for node in subtrees(0, 37)])

    for leaf in leaves[37:]:
        list(resumed.append(leaf))

    assert resumed.root() == fold([fetch(node) for node in subtrees(0, 100)])
