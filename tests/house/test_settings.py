"""Settings: what is wrong stops the start with a sentence; what is there is written down."""

import re
import stat
from pathlib import Path

import pytest

import config
from config import ConfigurationRefused, Environment, Settings, load

GOOD = {
    "TANDEM_ENVIRONMENT": "production",
    "TANDEM_SECRET_KEY": config.new_key(),
    "TANDEM_DATA_KEY": config.new_key(),
    "TANDEM_LEDGER_KEY": config.new_key(),
    "TANDEM_PUBLIC_URL": "https://partners.example",
    "TANDEM_SMTP_URL": "smtp://mail.example:587",
}


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [f"TANDEM_{name.upper()}" for name in Settings.model_fields] + ["DATABASE_URL"]:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TANDEM_VAR", str(tmp_path))


def test_needs_nothing_outside_production() -> None:
    settings = load()

    assert settings.environment is Environment.DEVELOPMENT
    assert settings.address == "http://127.0.0.1:8000"
    assert not settings.second_factor_required


def test_keeps_the_keys_it_made_private(tmp_path: Path) -> None:
    first, second = load(), load()

    assert first.secret_key == second.secret_key
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


def test_production_is_complete_with_these(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)

    assert load().second_factor_required


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("TANDEM_SECRETKEY", "x", "Did you mean TANDEM_SECRET_KEY?"),
        ("TANDEM_PORT", "many", "TANDEM_PORT is not accepted"),
        ("TANDEM_ENVIRONMENT", "prod", "TANDEM_ENVIRONMENT is not accepted"),
        ("DATABASE_URL", "mysql://h/d", "must begin with postgresql://"),
        ("TANDEM_DATABASE_APP_URL", "postgresql://h/d", "DATABASE_URL is not"),
        ("TANDEM_SECRET_KEY", "short", "shorter than 32"),
        ("TANDEM_SECRET_KEY", "changeme" * 5, "can be guessed"),
        ("TANDEM_SECRET_KEY_FALLBACKS", "a,b", "SECRET_KEY_FALLBACKS is shorter"),
        ("TANDEM_DATA_KEY", "not base64", "TANDEM_DATA_KEY must be 32 random bytes"),
        ("TANDEM_SMTP_URL", "mail.example", "must begin with smtp://"),
        ("TANDEM_PUBLIC_URL", "partners.example", "must begin with http://"),
    ],
)
def test_refuses(monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ConfigurationRefused, match=re.escape(sentence)):
        load()


@pytest.mark.parametrize("name", sorted(GOOD.keys() - {"TANDEM_ENVIRONMENT"}))
def test_production_refuses_to_start_without(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    for known, value in GOOD.items():
        monkeypatch.setenv(known, value)
    monkeypatch.delenv(name)

    with pytest.raises(ConfigurationRefused, match=name):
        load()


def test_no_secret_shows_when_settings_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)

    assert GOOD["TANDEM_SECRET_KEY"] not in repr(load())
