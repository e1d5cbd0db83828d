"""Lists in memory: one name, or a list, against an index."""

import pytest

from app.accounts.matching import (
    Candidate,
    Decision,
    Index,
    Party,
    asked,
    compare,
    keys,
    look_up,
    match_lists,
)
from app.accounts.matching import index as indexing
from tests.accounts.test_matching_pairs import OURS, pairs_of

_KNOWN = ("Brandt Logistik GmbH", "Helvetia Cloud SA", "Siemens AG", "Siemens Energy AG")


def listed(names):
    return [Candidate(number, Party(name)) for number, name in enumerate(names)]


@pytest.fixture
def index():
    return Index.of(listed(_KNOWN))


def named(found):
    return [(candidate.party.name, verdict.decision) for candidate, verdict in found]


class TestIndex:
    @pytest.mark.parametrize(
        "name", ["Brandt Logistik", "LOGISTIK BRANDT GMBH", "Brant Logistik", "BrandtLogistik AG"]
    )
    def test_finds_a_name_however_it_is_written(self, index, name):
        assert named(index.matches(Party(name))) == [(_KNOWN[0], Decision.SAME)]

    def test_puts_the_likeliest_first(self, index):
        found = named(index.matches(Party("Siemens")))

        assert found == [("Siemens AG", Decision.SAME), ("Siemens Energy AG", Decision.POSSIBLE)]

    def test_finds_by_number_and_domain_alone(self):
        known = Candidate(1, Party("A", domain="acme.com", duns="150483782"))
        index = Index.of([known])

        for party in (Party("B", domain="x@acme.com"), Party("B", duns="15-048-3782")):
            assert [found for found, _ in index.matches(party)] == [known]

    def test_finds_nobody_by_free_mail(self):
        index = Index.of([Candidate(1, Party("Acme", domain="a@gmail.com"))])

        assert index.near(Party("Bolt", domain="b@gmail.com")) == []

    def test_judges_no_more_however_long_the_list(self):
        index = Index.of(listed(f"Brandt Company {number}x" for number in range(5000)))

        assert len(index.near(Party("Brandt"))) <= indexing.MOST_ALIKE

    def test_finds_what_comparing_with_everybody_finds(self):
        names = [*_KNOWN, "Brandt Metall GmbH", "Helvetia Bank", "Cloud Logistik", "Acme Ltd"]
        index = Index.of(listed(names))

        for wanted in (*names, "Brant Metal", "Siemens", "Helvetia"):
            every = {
                name for name in names if compare(Party(wanted), Party(name)).decision == "same"
            }
            found = {name for name, said in named(index.matches(Party(wanted))) if said == "same"}
            assert found == every

    def test_learns_how_common_words_are_from_a_long_list(self):
        index = Index.of(listed(f"Sarvin {number:x}q" for number in range(2000)))

        rarity = index.rarity

        assert rarity.total == 2000
        assert (rarity.weight("sarvin") or 1) < (rarity.weight("kestrel") or 0)

    def test_learns_nothing_from_a_short_one(self, index):
        assert index.rarity.total == 0


class TestLists:
    def test_give_each_name_its_matches_in_order(self, index):
        asked = listed(["Nobody", "Siemens", "Helvetia Cloud"])

        found = [(one.id, named(matches)[:1]) for one, matches in match_lists(asked, index)]

        assert found == [
            (0, []),
            (1, [("Siemens AG", Decision.SAME)]),
            (2, [("Helvetia Cloud SA", Decision.SAME)]),
        ]

    def test_stream(self, index):
        def endless():
            number = 0
            while True:
                yield Candidate(number, Party("Siemens"))
                number += 1

        first, _ = next(match_lists(endless(), index))

        assert first.id == 0


class TestLookUp:
    def test_finds_what_an_index_finds(self, index):
        for name in ("Siemens", "Brandt", "Nobody"):
            assert look_up(Party(name), iter(listed(_KNOWN))) == index.matches(Party(name))

    def test_finds_the_same_in_a_list_of_every_kind_of_name(self):
        rows = pairs_of(OURS)
        known = Index.of(listed(row["right"] for row in rows[:900]))

        for asked_for in (Party(row["left"]) for row in rows[:900:9]):
            assert look_up(asked_for, iter(known.parties)) == known.matches(asked_for)


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("EDF", "Électricité de France SA"),
        ("TSMC", "Taiwan Semiconductor Manufacturing Company, Ltd."),
        ("AT&T", "American Telephone & Telegraph"),
        ("GSK", "GlaxoSmithKline"),
        ("KfW", "Kreditanstalt für Wiederaufbau"),
    ],
)
def test_a_short_name_shares_a_key_with_the_long_one(short, long):
    assert asked(keys(short)).keys() & keys(long)
    assert asked(keys(long)).keys() & keys(short)
