"""Serving: what stands in the way is said in one sentence."""

import socket

import click
import pytest

from app.cli.serve import refuse_busy_port
from config import Environment, Settings


@pytest.fixture
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return Settings(environment=Environment.TEST, var=tmp_path_factory.mktemp("var"), port=port)


def test_a_free_port_is_fine(settings: Settings) -> None:
    refuse_busy_port(settings)


def test_a_busy_port_is_named_with_a_way_out(settings: Settings) -> None:
    way_out = f"TANDEM_PORT={settings.port + 1} make run"

    with (
        socket.create_server((settings.host, settings.port)),
        pytest.raises(click.ClickException, match=way_out),
    ):
        refuse_busy_port(settings)
