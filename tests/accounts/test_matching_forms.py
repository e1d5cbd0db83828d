"""Legal forms, and what remains of a name without them."""

import json

import pytest

from app.accounts.matching import normalise
from app.accounts.matching.data import rows
from app.accounts.matching.text import latin, words_of
from tests.conftest import SHARED_DATA

_OF_OTHER_SCRIPTS = {
    "Arabic script", "Hebrew script", "Japanese (Kanji + Hiragana)", "Korean (Hangul)",
    "Thai script", "Japanese with English suffix", "Chinese with English suffix",
}  # fmt: skip
"""Here the published cases keep the form, which their tool does not know; we know and take it."""
_OF_KNOWN_LIMITS = {"Pty Limited (known issue)", "currency symbol"}


def _published():
    file = SHARED_DATA / "company-names" / "cleanco_basename_cases.json"
    if not file.exists():
        return [pytest.param(None, marks=pytest.mark.skip(reason=f"{file} is absent"))]
    left_out = _OF_OTHER_SCRIPTS | _OF_KNOWN_LIMITS
    cases = json.loads(file.read_text(encoding="utf-8"))["cases"]
    return [case for case in cases if case["label"] not in left_out]


class TestLegalForms:
    @pytest.mark.parametrize("case", _published())
    def test_are_taken_off_as_published(self, case):
        assert list(normalise(case["input"]).base) == words_of(latin(case["expected"]))

    @pytest.mark.parametrize(
        ("name", "base", "form"),
        [
            ("삼성전자 주식회사", "samseong electronics", "kr-ltd"),
            ("東京株式会社 Inc.", "tokyo", "kk"),
            ("\u041e\u041e\u041e «Ромашка»", "romashka", "ooo"),
            ("Jan Kowalski Sp. z o.o.", "jan kowalski", "spzoo"),
            ("Grupo Bimbo, S.A.B. de C.V.", "grupo bimbo", "sadecv"),
            ("Siemens Aktiengeselschaft", "siemens", "ag"),
            ("Beispiel UG (haftungsbeschränkt)", "beispiel", "ug"),
            ("PT Astra", "astra", "pt"),
            ("Delhaize Commanditaire Vennootschap op Aandelen", "delhaize", "sca"),
            ("Naftogaz NJSC", "naftogaz", "jsc"),
            ("PPHU Nowak", "nowak", "phu"),
            ("შპს Lomi", "lomi", "ge-llc"),
            ("N.V. Bekaert", "bekaert", "nv"),
            ("Zenith Holding w likwidacji", "zenith holding", "closing"),
            ("東京医療法人", "tokyo", "jp-body"),
        ],
    )
    def test_of_many_countries(self, name, base, form):
        found = normalise(name)

        assert (" ".join(found.base), form in found.forms) == (base, True)

    def test_cover_forty_countries(self):
        countries = {code for row in rows("legal_forms.csv") for code in row["countries"].split()}

        assert len(countries) >= 40

    def test_alone_stay_a_name(self):
        assert normalise("Limited").words == ("limited",)
