"""Settings: read once from the environment into one frozen object; a wrong one stops the start."""

import base64
import binascii
import difflib
import os
import secrets
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import AliasChoices, Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

ROOT = Path(__file__).resolve().parent
PREFIX = "TANDEM_"
_SHORTEST_SECRET = 32
_KEY_BYTES = 32
_COMMONPLACE = ("secret", "changeme", "change-me", "password", "example", "development")

List = Annotated[tuple[str, ...], NoDecode]
"""Several values, separated by commas."""


class Environment(StrEnum):
    """What this installation is for."""

    DEVELOPMENT = "development"
    DEMO = "demo"
    PRODUCTION = "production"
    TEST = "test"


class ConfigurationRefused(SystemExit):
    """A setting is missing, unknown or wrong; nobody catches it, so the process ends saying so."""


class Settings(BaseSettings):
    """Every setting of Tandem; docs/configuration.md explains each to an operator."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, populate_by_name=True, env_ignore_empty=True
    )

    environment: Environment = Environment.DEVELOPMENT
    var: Path = ROOT / "var"
    database_url: str = Field(
        default="", repr=False, validation_alias=AliasChoices("TANDEM_DATABASE_URL", "DATABASE_URL")
    )
    database_app_url: str = Field(default="", repr=False)
    secret_key: str = Field(default="", repr=False)
    secret_key_fallbacks: List = Field(default=(), repr=False)
    data_key: str = Field(default="", repr=False)
    ledger_key: str = Field(default="", repr=False)
    public_url: str = ""
    trusted_proxies: int = Field(default=0, ge=0, le=10)
    smtp_url: str = Field(default="", repr=False)
    mail_from: str = "Tandem <tandem@localhost>"
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    web_workers: int = Field(default=0, ge=0, le=256)
    worker_id: str = Field(default="", max_length=100, pattern=r"^[A-Za-z0-9._-]*$")
    worker_threads: int = Field(default=4, ge=1, le=64)
    vendor_name: str = "Northwind Systems"
    require_second_factor: bool | None = None
    max_upload: int = Field(default=20 * 1024 * 1024, ge=1024)

    @field_validator("secret_key_fallbacks", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("database_url", "database_app_url")
    @classmethod
    def _postgres_only(cls, value: str) -> str:
        if value and not value.startswith(
            ("postgresql://", "postgres://", "postgresql+psycopg://")
        ):
            raise ValueError("it must begin with postgresql://")
        scheme, _, rest = value.partition("://")
        return f"postgresql://{rest}" if scheme else ""

    @field_validator("public_url")
    @classmethod
    def _bare_origin(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("it must begin with http:// or https://")
        return value.rstrip("/")

    @field_validator("smtp_url")
    @classmethod
    def _mail_scheme(cls, value: str) -> str:
        if value and not value.startswith(("smtp://", "smtps://")):
            raise ValueError("it must begin with smtp:// or smtps://")
        return value

    @model_validator(mode="before")
    @classmethod
    def _fill(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Make the keys of a development or demo installation, once, and derive what follows."""
        environment = given.get("environment", Environment.DEVELOPMENT)
        if environment != Environment.PRODUCTION:
            var = Path(given.get("var") or ROOT / "var")
            given = {
                **given,
                "secret_key": given.get("secret_key") or _kept(var / "secret.key"),
                "data_key": given.get("data_key") or _kept(var / "data.key"),
                "ledger_key": given.get("ledger_key") or _kept(var / "ledger.key"),
            }
        return given

    @model_validator(mode="after")
    def _check(self) -> Self:
        _refuse_weak("SECRET_KEY", self.secret_key)
        for key in self.secret_key_fallbacks:
            _refuse_weak("SECRET_KEY_FALLBACKS", key)
        _raw("DATA_KEY", self.data_key)
        _raw("LEDGER_KEY", self.ledger_key)
        if self.is_production:
            self._check_production()
        if self.database_app_url and not self.database_url:
            raise ValueError(f"{PREFIX}DATABASE_APP_URL is set, but DATABASE_URL is not")
        return self

    def _check_production(self) -> None:
        if not self.public_url.startswith("https://"):
            raise ValueError(
                f"{PREFIX}PUBLIC_URL must be the https:// address that people open, in production"
            )
        if not self.smtp_url:
            raise ValueError(f"{PREFIX}SMTP_URL must name a mail server, in production")

    @property
    def is_production(self) -> bool:
        """Whether real people work here."""
        return self.environment is Environment.PRODUCTION

    @property
    def is_demo(self) -> bool:
        """Whether one-click sign-in per role is offered, over invented data."""
        return self.environment is Environment.DEMO

    @property
    def second_factor_required(self) -> bool:
        """Whether vendor roles must sign in with a second factor: as set, else in production."""
        if self.require_second_factor is None:
            return self.is_production
        return self.require_second_factor

    @property
    def address(self) -> str:
        """The address people open, without a slash at the end."""
        return self.public_url or f"http://{self.host}:{self.port}"

    @property
    def workers(self) -> int:
        """How many web processes run: as set, else one for each core."""
        return self.web_workers or os.cpu_count() or 1

    @property
    def data_key_bytes(self) -> bytes:
        """The key that encrypts payout details and second-factor seeds at rest."""
        return _raw("DATA_KEY", self.data_key)


def _raw(name: str, key: str) -> bytes:
    """Return the bytes of a key written in either alphabet of base64."""
    try:
        raw = base64.b64decode(key.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != _KEY_BYTES:
        raise ValueError(
            f"{PREFIX}{name} must be {_KEY_BYTES} random bytes in base64 (flask keys prints some)"
        )
    return raw


def _refuse_weak(name: str, key: str) -> None:
    problem = ""
    if not key:
        problem = "is missing"
    elif len(key) < _SHORTEST_SECRET:
        problem = f"is shorter than {_SHORTEST_SECRET} characters"
    elif len(set(key)) < _SHORTEST_SECRET // 4 or key.lower().startswith(_COMMONPLACE):
        problem = "can be guessed"
    if problem:
        raise ValueError(f"{PREFIX}{name} {problem} (flask keys prints a good one)")


def new_key() -> str:
    """Return a new random key, good for SECRET_KEY and for DATA_KEY."""
    return base64.urlsafe_b64encode(secrets.token_bytes(_KEY_BYTES)).decode()


def _kept(file: Path) -> str:
    """Return the key in ``file``, made at the first call; readable by its owner only."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f".{file.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(new_key())
        try:
            file.hardlink_to(draft)
        except FileExistsError:
            pass  # another process was first: its key holds
        finally:
            draft.unlink()
    return file.read_text().strip()


def _refuse_unknown(names: set[str]) -> None:
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    for name in sorted(name for name in names if name.startswith(PREFIX)):
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise ConfigurationRefused(
                f"{name} is not a setting.{hint} docs/configuration.md lists them all."
            )


def _sentence(problem: ValidationError) -> str:
    first = problem.errors()[0]
    said = first["msg"].removeprefix("Value error, ")
    if not first["loc"]:
        return f"{said}."
    name = str(first["loc"][0])
    name = name if name.isupper() else f"{PREFIX}{name.upper()}"
    return f"{name} is not accepted: {said}."


def load() -> Settings:
    """Read the settings from the environment.

    :raises ConfigurationRefused: if one is missing, unknown or wrong
    """
    _refuse_unknown(set(os.environ))
    try:
        return Settings()
    except ValidationError as problem:
        raise ConfigurationRefused(_sentence(problem)) from None


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the settings of this process, read at the first call."""
    return load()
