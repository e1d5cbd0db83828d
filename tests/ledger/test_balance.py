"""No state changes without an entry about the same thing in the same transaction."""

import contextlib
from typing import ClassVar
from uuid import UUID

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from app.kernel.ids import new_id
from app.ledger.services import balance


class Own(DeclarativeBase):
    """Tables of this file only, in memory."""


class Crate(Own):
    __tablename__ = "crate"
    ledgered: ClassVar[bool] = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    state: Mapped[str] = mapped_column(default="shut")
    label: Mapped[str] = mapped_column(default="")


class Barrel(Own):
    __tablename__ = "barrel"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    state: Mapped[str] = mapped_column(default="shut")


@pytest.fixture
def memory():
    engine = create_engine("sqlite://")
    Own.metadata.create_all(engine)
    with Session(engine, expire_on_commit=False) as made:
        yield made
    engine.dispose()


@pytest.fixture
def crate(memory):
    made = Crate()
    memory.add(made)
    memory.flush()
    balance.note(memory, "crate", made.id)
    memory.commit()
    return made


def test_a_new_thing_needs_an_entry(memory):
    memory.add(Crate())

    with pytest.raises(balance.Unrecorded):
        memory.commit()


def test_a_changed_state_needs_an_entry(memory, crate):
    crate.state = "open"

    with pytest.raises(balance.Unrecorded):
        memory.commit()


def test_an_entry_about_another_thing_is_not_enough(memory, crate):
    crate.state = "open"
    balance.note(memory, "crate", new_id())

    with pytest.raises(balance.Unrecorded):
        memory.commit()


def test_an_entry_of_an_earlier_transaction_is_not_enough(memory, crate):
    balance.note(memory, "crate", crate.id)
    memory.commit()
    crate.state = "open"

    with pytest.raises(balance.Unrecorded):
        memory.commit()


def test_a_changed_state_with_its_entry_commits(memory, crate):
    crate.state = "open"
    memory.flush()
    balance.note(memory, "crate", crate.id)

    memory.commit()


def test_other_columns_and_other_classes_are_free(memory, crate):
    crate.label = "fragile"
    memory.add(Barrel())

    memory.commit()


@pytest.mark.parametrize("change_first", [True, False])
def test_a_savepoint_rolled_back_takes_its_part_with_it(memory, crate, change_first):
    with contextlib.suppress(RuntimeError), memory.begin_nested():
        if change_first:
            crate.state = "open"
        else:
            balance.note(memory, "crate", crate.id)
        memory.flush()
        raise RuntimeError
    if change_first:
        memory.commit()
        return
    crate.state = "open"
    with pytest.raises(balance.Unrecorded):
        memory.commit()
