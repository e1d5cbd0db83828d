"""What is kept in temporary files comes back as it was, and in order."""

import tempfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cli.files import BadFile
from app.cli.incentives import spill

TEXTS = st.lists(st.tuples(st.integers(0, 5), st.text(max_size=3)), max_size=60)


@given(texts=TEXTS, room=st.sampled_from([0, 1000, 10**6]))
def test_texts_come_back_by_their_keys_and_in_the_order_of_their_coming(texts, room):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spill, "ROOM", room)
        order = spill.InOrder()
        for key, text in texts:
            order.add(key, text)

        found = list(order)

    assert found == [text for _, text in sorted(texts, key=lambda each: each[0])]
    assert (len(order), list(order)) == (len(texts), found)


@given(records=st.lists(st.tuples(st.integers(0, 3), st.integers())), together=st.integers(1, 4))
def test_each_heap_gives_its_own_records_back(records, together):
    heaps = spill.Heaps(together)
    for heap, record in records:
        heaps.add(heap, record)

    for number in range(4):
        assert list(heaps.read(number)) == [record for heap, record in records if heap == number]


def test_a_full_disk_is_said_in_a_sentence(monkeypatch):
    def full():
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)

    said = pytest.raises(BadFile, match=r"cannot be kept \(No space left on device\)\.")
    with said, spill.complaints_of_room():
        spill.Heaps()
