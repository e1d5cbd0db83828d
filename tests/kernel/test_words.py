"""References, state machines, formats, seeded identifiers, sealed secrets."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from app.kernel import format as text
from app.kernel import sealing
from app.kernel.errors import Broken, Conflict
from app.kernel.ids import new_id, seeded
from app.kernel.money import Money
from app.kernel.numbering import is_reference, reference
from app.kernel.transitions import Machine


class Light(StrEnum):
    RED = "red"
    GREEN = "green"


class Act(StrEnum):
    GO = "go"


class TestReferences:
    @given(number=st.integers(1, 999_999), place=st.integers(0, 5), digit=st.integers(1, 9))
    def test_notice_a_mistyped_digit(self, number, place, digit):
        good = reference("DR", 2026, number)
        head, year, figures, check = good.split("-")
        wrong = str((int(figures[place]) + digit) % 10)
        typed = figures[:place] + wrong + figures[place + 1 :]

        assert is_reference(good)
        assert not is_reference(f"{head}-{year}-{typed}-{check}")

    @pytest.mark.parametrize(
        "junk", ["", "DR", "DR-2026-x-1", "DR-2026-000001", "\u0661-\u0661-\u0661-\u0661"]
    )
    def test_refuse_junk(self, junk):
        assert not is_reference(junk)


class TestMachine:
    machine = Machine("light", {(Light.RED, Act.GO): Light.GREEN})

    def test_follows_an_arrow(self):
        assert self.machine.next(Light.RED, Act.GO) is Light.GREEN
        assert self.machine.actions(Light.RED) == [Act.GO]

    def test_refuses_where_there_is_none(self):
        with pytest.raises(Conflict, match="This light is green"):
            self.machine.next(Light.GREEN, Act.GO)


class TestFormat:
    @pytest.mark.parametrize(
        ("locale", "shown"), [("en_GB", "EUR\xa01,234.50"), ("de_DE", "EUR\xa01.234,50")]
    )
    def test_money_in_the_readers_locale(self, locale, shown):
        assert text.money(Money(123450, "EUR"), locale) == shown

    @given(st.integers(-(10**15), 10**15), st.sampled_from(["EUR", "JPY", "BHD", "CLF"]))
    def test_english_amounts_are_those_of_babel(self, minor, currency):
        value = Money(minor, currency)
        places = len(f"{value.amount:f}".partition(".")[2])
        pattern = "#,##0." + "0" * places

        assert text.amount(value) == format_decimal(value.amount, pattern, locale="en_GB")

    def test_currencies_without_decimals(self):
        assert text.money(Money(1234, "JPY")) == "JPY\xa01,234"

    def test_shares_and_days(self):
        assert text.percent(Decimal("0.125")) == "12.5\u00a0%"
        assert text.day(date(2026, 3, 2)) == "2 Mar 2026"


class TestSecrets:
    def test_identifiers_repeat_inside_a_seeded_block_only(self):
        with seeded(7):
            first = [new_id(), new_id()]
        with seeded(7):
            second = [new_id(), new_id()]

        assert first == second
        assert new_id() not in first

    def test_open_for_their_context_only(self):
        before = list(sealing._keys)
        sealing.use(b"k" * 32)
        sealed = sealing.seal("DE89", "iban:1")

        assert sealing.unseal(sealed, "iban:1") == "DE89"
        with pytest.raises(Broken):
            sealing.unseal(sealed, "iban:2")
        sealing.use(*before)

    def test_open_with_an_older_key_after_rotation(self):
        before = list(sealing._keys)
        sealing.use(b"a" * 32)
        sealed = sealing.seal("seed", "x")
        sealing.use(b"b" * 32, b"a" * 32)

        assert sealing.unseal(sealed, "x") == "seed"
        sealing.use(*before)


@pytest.mark.parametrize(
    ("state", "read"),
    [("action_required", "Action required"), ("co_sell", "Co-sell"), (Light.RED, "Red")],
)
def test_a_label_is_what_people_read(state, read):
    assert text.label(state) == read
