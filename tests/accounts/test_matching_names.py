"""What the matcher says of names alone."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.matching import Decision, Party, Rarity, Relation, compare, keys, normalise
from app.cli.accounts import Counts
from tests.conftest import SHARED_DATA

_SAME = [
    ("IBM", "International Business Machines Corporation"),
    ("Müller GmbH & Co. KG", "Mueller GmbH und Co KG"),
    ("Robert Bosch GmbH", "Bosch GmbH, Robert"),
    ("Hewlett-Packard Company", "HewlettPackard Inc"),
    ("Procter & Gamble", "Procter and Gamble Co."),
    ("トヨタ自動車株式会社", "トヨタ自動車"),
    ("Газпром ПАО", "PJSC Gazprom"),
    ("Ελληνική Τράπεζα", "Elliniki Trapeza"),
    ("Twenty First Century Fox", "21st Century Fox"),
    ("Seven Eleven Ltd", "7-Eleven"),
    ("Wells Fargo Bank, National Association", "Wells Fargo Bank NA"),
    ("Amazon.com, Inc.", "Amazon"),
    ("ABC Mfg Co", "ABC Manufacturing Company"),
    ("Acme Holdings Ltd", "Acme Ltd"),
    ("A.P. Møller - Mærsk A/S", "AP Moller Maersk"),
    ("General Electric Co", "Generalx Electric Company"),
    ("Tele2 AB", "Tele 2"),
    ("Smith Trading Ltd t/a Jones Bakery", "Jones Bakery"),
    ("Deutsche Te1ekom AG", "Deutsche Telekom AG"),
    ("Walgreen5 Boots", "Walgreens Boots"),
    ("Capgernini SE", "Capgemini SE"),
    ("Procter n Gamble", "Procter & Gamble Co."),
    ("One Thousand Mile Club", "1000 Mile Club"),
    ("Consolidated Edison Company of New Y", "Consolidated Edison Company of New York, Inc."),
    ("Dr. Ing. h.c. F. Porsche AG", "Porsche AG"),
    ("Orange (ex France Télécom)", "France Telecom SA"),
    ("Uber Technologies, Inc. – San Francisco", "Uber Technologies Inc"),
    ("Acme Widgets GmbH i.L.", "Acme Widgets GmbH"),
]
_NOT_THE_SAME = [
    ("Bank of America", "Bank of Canada"),
    ("General Motors", "General Electric"),
    ("Siemens AG", "Siemens Energy AG"),
    ("Google Ireland Ltd", "Google France SARL"),
    ("ABC Ltd", "ABX Ltd"),
    ("Brigade 44", "Brigade 45"),
    ("Tata Steel", "Tata Motors"),
    ("Acme Foundation", "The Acme Corporation Ltd"),
    ("Nokia", "Nokian Tyres"),
    ("Smith & Jones Ltd", "Smith & Sons Ltd"),
    ("Williams Companies Inc", "Williamson Companies Inc"),
    ("Peters & Co Legal", "Peterson & Co Legal"),
    ("PwC", "PVC"),
    ("Acme Logistics 164", "Acme Logistics 16459"),
    ("Kestrel Diner 200", "Kestrel Diner 2004a"),
    ("Limited Liability Company Bai", "Limited Liability Company Baikal"),
    ("National Association of India", "National Association of Indiana"),
    ("Blackstone Property Associates I", "Blackstone Property Associates IV"),
]


class TestNames:
    @pytest.mark.parametrize(("left", "right"), _SAME)
    def test_that_say_the_same(self, left, right):
        assert compare(Party(left), Party(right)).decision is Decision.SAME

    @pytest.mark.parametrize(("left", "right"), _SAME)
    def test_that_say_the_same_share_a_key(self, left, right):
        assert keys(left) & keys(right)

    @pytest.mark.parametrize(("left", "right"), _NOT_THE_SAME)
    def test_that_do_not(self, left, right):
        assert compare(Party(left), Party(right)).decision is not Decision.SAME

    @given(st.text(max_size=60), st.text(max_size=60))
    def test_compare_alike_from_both_sides(self, left, right):
        one, other = compare(Party(left), Party(right)), compare(Party(right), Party(left))

        assert one.decision is other.decision
        assert 0 <= one.score <= 1

    @given(st.text(min_size=1, max_size=60))
    def test_equal_themselves(self, name):
        if normalise(name).words:
            assert compare(Party(name), Party(name)).score == 1

    def test_tell_a_subsidiary_from_its_parent(self):
        verdict = compare(Party("Siemens Energy AG"), Party("Siemens AG"))

        assert (verdict.decision, verdict.relation) == (Decision.POSSIBLE, Relation.SUBSIDIARY)
        assert "“energy”" in verdict.reasons[0]

    def test_one_letter_tells_two_frequent_words_apart(self):
        rarity = Rarity({"sarvin": 900, "sarvint": 4000}, 1_000_000)

        assert compare(Party("Sarvin"), Party("Sarvint")).decision is Decision.SAME
        assert compare(Party("Sarvin"), Party("Sarvint"), rarity).decision is not Decision.SAME


class TestLabelledNames:
    def test_reach_the_wanted_f1_and_share_keys(self):
        file = SHARED_DATA / "company-names" / "labelled_pairs.csv"
        if not file.exists():
            pytest.skip(f"{file} is absent")
        counts = Counts()
        with file.open(encoding="utf-8") as opened:
            for row in csv.DictReader(opened):
                said = compare(Party(row["left"]), Party(row["right"])).decision is Decision.SAME
                counts.add(said=said, label=row["match"] == "true")

        assert float(list(counts.lines())[-1].split()[1]) >= 0.92
