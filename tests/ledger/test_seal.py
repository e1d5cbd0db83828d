"""Sealing: places in the tree, heads, late commits, several sealers at once."""

from concurrent.futures import ThreadPoolExecutor
from random import Random
from time import sleep

import pytest
from sqlalchemy import func, select

from app.db.engine import SYSTEM_SCOPE, transaction
from app.kernel.errors import Broken
from app.ledger.models import LedgerEntry, LedgerHead, LedgerKey, LedgerLeaf, LedgerNode
from app.ledger.queries import current_head, verify_log
from app.ledger.queries.nodes import consistency, inclusion, root_at
from app.ledger.rules.proofs import proves_consistency, proves_inclusion
from app.ledger.rules.tree import root
from app.ledger.services import keys, seal, signer_of, sweep, use_signer
from tests.ledger.conftest import AT, happen, seal_all


def newest(session):
    return current_head(session)


def place(session, entry_id):
    return session.scalar(select(LedgerLeaf.leaf_index).where(LedgerLeaf.entry_id == entry_id))


def count(session, kind):
    return session.scalar(select(func.count()).select_from(kind))


def test_the_head_is_the_root_over_all_leaves(session):
    leaves = list(session.scalars(select(LedgerLeaf.leaf_hash).order_by(LedgerLeaf.leaf_index)))

    head = newest(session)

    assert (head.tree_size, head.root_hash) == (len(leaves), root(leaves))
    assert count(session, LedgerNode) == len(leaves) - len(leaves).bit_count()


def test_every_leaf_and_every_growth_can_be_proved(session):
    size = newest(session).tree_size
    leaves = list(session.scalars(select(LedgerLeaf.leaf_hash).order_by(LedgerLeaf.leaf_index)))
    now = root_at(session, size)

    for index, leaf in enumerate(leaves):
        proof = inclusion(session, index, size)
        assert proves_inclusion(leaf, index, size=size, proof=proof, root=now)
        before, grown = (
            (index + 1, root_at(session, index + 1)),
            consistency(session, index + 1, size),
        )
        assert proves_consistency(before, (size, now), proof=grown)


def test_nothing_waiting_signs_nothing(session):
    seal(session, at=AT)
    heads = count(session, LedgerHead)

    assert seal(session, at=AT) == 0
    assert count(session, LedgerHead) == heads


def test_an_entry_that_commits_late_comes_later(log):
    with transaction(SYSTEM_SCOPE) as late:
        first = happen(late)
        late.flush()
        with transaction(SYSTEM_SCOPE) as quick:
            second = happen(quick)
        seal_all()
    seal_all()

    with transaction(SYSTEM_SCOPE) as session:
        assert first.id < second.id
        assert place(session, first.id) > place(session, second.id)


def test_an_entry_beyond_the_window_waits_for_the_sweep(session):
    old, new = happen(session), happen(session)
    session.flush()

    seal(session, at=AT, window=-new.id)
    assert place(session, old.id) is None
    sweep(session, at=AT)

    assert place(session, old.id) is not None


def test_without_a_key_nothing_is_sealed(session):
    happen(session)
    before = keys._current.copy()
    keys._current.clear()

    with pytest.raises(Broken, match="LEDGER_KEY"):
        seal(session, at=AT)
    keys._current[:] = before


def test_a_new_key_signs_on_and_old_heads_still_hold(session):
    use_signer(signer_of("A" * 43 + "="))
    happen(session)

    seal(session, at=AT)

    assert count(session, LedgerKey) == 2
    assert verify_log(session).is_whole


def work(number):
    chance = Random(number)  # noqa: S311 - which comes first, not what is secret
    for _ in range(5):
        with transaction(SYSTEM_SCOPE) as session:
            for _ in range(chance.randint(1, 4)):
                happen(session, worker=number)
            sleep(chance.random() / 100)
        if number % 2:
            seal_all()


def test_many_record_and_seal_at_once_and_nothing_is_lost_or_doubled(log):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    seal_all()

    with transaction(SYSTEM_SCOPE) as session:
        report = verify_log(session)
        assert report.is_whole, report.bad
        assert (report.waiting, report.sealed) == (0, count(session, LedgerEntry))
