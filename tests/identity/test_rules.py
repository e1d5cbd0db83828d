"""Passwords, second factors and the life of a session."""

from datetime import timedelta

import pyotp
import pytest

from app.identity.rules import (
    PasswordRefused,
    check_password,
    is_alive,
    matching_step,
    new_recovery_codes,
    token_hash,
)
from tests.factories.clockwork import NOON

SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


class TestPassword:
    @pytest.mark.parametrize(
        "password", ["short77", "x" * 129, "password", "PASSWORD123", "ada@example.com"]
    )
    def test_refuses_short_long_and_common_ones(self, password):
        with pytest.raises(PasswordRefused):
            check_password(password, email="ada@example.com")

    @pytest.mark.parametrize("password", ["correct horse battery", "eightchr", "ünïcödé pässwörd"])
    def test_asks_for_no_kinds_of_characters(self, password):
        check_password(password, email="ada@example.com")


class TestSecondFactor:
    def test_takes_the_code_of_now_and_of_one_step_before_or_after(self):
        totp = pyotp.TOTP(SEED)

        for drift in (-30, 0, 30):
            code = totp.at(NOON + timedelta(seconds=drift))
            assert matching_step(SEED, code, NOON, None) is not None

    def test_refuses_an_older_code(self):
        code = pyotp.TOTP(SEED).at(NOON - timedelta(minutes=2))

        assert matching_step(SEED, code, NOON, None) is None

    def test_takes_no_code_twice(self):
        code = pyotp.TOTP(SEED).at(NOON)
        step = matching_step(SEED, code, NOON, None)

        assert matching_step(SEED, code, NOON, step) is None

    def test_makes_ten_recovery_codes_that_differ(self):
        assert len(set(new_recovery_codes())) == 10


class TestSession:
    @pytest.mark.parametrize(
        ("age", "idle", "alive"),
        [
            (timedelta(hours=1), timedelta(minutes=29), True),
            (timedelta(hours=1), timedelta(minutes=30), False),
            (timedelta(hours=12), timedelta(0), False),
        ],
    )
    def test_lives_12_hours_and_idles_30_minutes(self, age, idle, alive):
        assert is_alive(created_at=NOON - age, seen_at=NOON - idle, at=NOON) is alive

    def test_stores_no_token_that_can_be_turned_back(self):
        assert token_hash("a") != "a"
        assert len(token_hash("a")) == 64
