"""What holds of all names: which changes of a name are no other name."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.matching import Decision, Index, Party, Rarity, compare, keys, normalise
from app.accounts.matching.data import rows
from app.accounts.matching.text import sound

_OWN = """acme brandt corvid dolmen estuary fjordal gantry hollin jasper kestrel larkin morrow
nimbus orchard pellar quillon rivet saddler tundra verdant wexley yarrow"""
_COMMON = "logistics foods energy bank tools media steel hotels"
_WORDS = st.sampled_from(_OWN.split())
_KINDS = st.sampled_from(_COMMON.split())
_NAMES = st.builds(
    lambda first, kind: " ".join((*first, kind)),
    st.lists(_WORDS, min_size=1, max_size=3, unique=True),
    _KINDS,
)
_FORMS = st.sampled_from([
    spelling
    for row in rows("legal_forms.csv")
    for spelling in row["spellings"].split("|")
    if spelling.isascii() and row["kind"] in {"limited", "public"}
])  # fmt: skip
_ACCENTS = {"a": "á", "e": "é", "i": "ï", "o": "ô", "u": "ù", "n": "ñ", "c": "ç"}
_SCRIPTS = st.text(
    st.sampled_from(
        "ソニトヨタパーッャ銀行三菱万科有限公司삼성전자현대주Газпромъщבנקلبنك &.015abcn"
    ),
    max_size=12,
)
_ANY_TEXT = st.text(max_size=60)


def decision(left, right):
    return compare(Party(left), Party(right)).decision


class TestCompare:
    @given(_ANY_TEXT, _ANY_TEXT)
    def test_gives_either_order_one_score(self, left, right):
        one, other = compare(Party(left), Party(right)), compare(Party(right), Party(left))

        assert (one.decision, one.score) == (other.decision, other.score)
        assert 0 <= one.score <= 1
        assert one.reasons

    @given(st.lists(st.one_of(_WORDS, _KINDS), max_size=5), st.lists(_WORDS, max_size=5))
    def test_gives_either_order_of_names_of_words_one_score(self, left, right):
        ours, theirs = Party(" ".join(left)), Party(" ".join(right))

        assert compare(ours, theirs).score == compare(theirs, ours).score

    @given(_SCRIPTS, _SCRIPTS)
    def test_gives_either_order_of_names_in_any_script_one_score(self, left, right):
        ours, theirs = Party(left), Party(right)

        assert compare(ours, theirs).score == compare(theirs, ours).score

    @given(st.text(min_size=1, max_size=60))
    def test_takes_each_name_for_itself(self, name):
        if any(map(str.isalnum, name)):
            assert compare(Party(name), Party(name)).score == 1

    @given(_NAMES)
    def test_does_not_mind_capitals_accents_and_marks(self, name):
        accented = "".join(_ACCENTS.get(letter, letter) for letter in name)

        for written in (
            name.upper(),
            name.title(),
            accented,
            f" “{name}”. ",
            name.replace(" ", "-"),
        ):
            assert compare(Party(name), Party(written)).score == 1

    @given(_NAMES)
    def test_does_not_mind_how_accents_are_coded(self, name):
        accented = "".join(_ACCENTS.get(letter, letter) for letter in name)

        assert compare(Party(accented), Party(unicodedata.normalize("NFD", accented))).score == 1

    @given(_NAMES, _FORMS, _FORMS)
    def test_does_not_mind_the_legal_form(self, name, one, other):
        assert decision(f"{name} {one}", f"{name} {other}") is Decision.SAME
        assert decision(f"{name} {one}", name) is Decision.SAME

    @given(st.lists(_WORDS, min_size=2, max_size=4, unique=True), st.randoms())
    def test_does_not_mind_the_order_of_words(self, words, chance):
        other = list(words)
        chance.shuffle(other)

        assert compare(Party(" ".join(words)), Party(" ".join(other))).score >= 0.97

    @given(_NAMES, st.integers(0, 10_000), st.integers(10_001, 20_000))
    def test_minds_numbers(self, name, one, other):
        assert decision(f"{name} {one}", f"{name} {other}") is not Decision.SAME

    @given(_NAMES)
    def test_never_calls_a_longer_name_the_same(self, name):
        assert decision(name, f"{name} zephyr") is Decision.POSSIBLE


class TestNormalise:
    @given(_NAMES, _FORMS)
    def test_leaves_normal_names_as_they_are(self, name, form):
        once = normalise(f"{name} {form}")

        assert normalise(once.core).words == once.words == tuple(name.split())

    @given(_ANY_TEXT)
    def test_reads_any_text(self, name):
        found = normalise(name)

        assert len(found.words) == len(found.written) == len(found.sounds)
        assert all(word.isascii() and word.isalnum() for word in found.words)

    @given(_ANY_TEXT)
    def test_files_any_text_under_short_keys(self, name):
        assert all(len(key) <= 120 for key in keys(name))


class TestRarity:
    @pytest.mark.parametrize("total", [1, 50, 1_000_000])
    @given(st.data())
    def test_is_worth_more_the_rarer_a_word_is(self, total, data):
        seen = sorted(data.draw(st.lists(st.integers(0, total), min_size=2, max_size=2)))
        rarity = Rarity({sound("common"): seen[1], sound("rare"): seen[0]}, total)

        common, rare = rarity.weight("common"), rarity.weight("rare")

        assert 0.1 <= (common or 0) <= (rare or 0) <= 1


def test_an_index_of_nothing_finds_nobody():
    assert Index().matches(Party("Acme")) == []
