"""`flask import crm`."""

import click
import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from app.cli import Commands
from app.cli.imports import commands
from app.db.engine import SYSTEM_SCOPE, transaction
from app.pipeline.models import Opportunity
from app.revenue.models import Order
from tests.conftest import SHARED_DATA
from tests.revenue.test_crm import files

FOLDER = SHARED_DATA / "crm-maven"


def run(*arguments):
    return CliRunner().invoke(commands, ["crm", *map(str, arguments)])


def count(kind):
    with transaction(SYSTEM_SCOPE, read_only=True) as session:
        return session.scalar(select(func.count()).select_from(kind))


@pytest.fixture
def folder(tmp_path):
    def write(**over):
        for name, content in files(**over).items():
            (tmp_path / name).write_bytes(content)
        return tmp_path

    return write


def test_is_called_import():
    group = Commands("flask")
    with click.Context(group) as context:
        assert "import" in group.list_commands(context)
        assert group.get_command(context, "import") is commands


@pytest.mark.skipif(not FOLDER.exists(), reason=f"{FOLDER} is absent")
def test_the_public_export_is_taken_once(committing):
    first, second = run(FOLDER), run(FOLDER)

    assert "Taken: 85 accounts, 7 products, 8800 opportunities, 4238 orders." in first.output
    assert "Won value in the file: USD\u00a010,005,534.00" in first.output
    assert "Nothing is new: nothing was changed." in second.output
    assert (count(Opportunity), count(Order)) == (8800, 4238)


def test_a_preview_writes_nothing(committing, folder):
    found = run(folder(), "--preview")

    assert "new opportunities: 4" in found.output
    assert found.output.endswith("nothing was written.\n")
    assert count(Opportunity) == 0


def test_bad_rows_stop_it_unless_the_good_ones_are_asked_for(committing, folder):
    place = folder(sales_pipeline="E,Ann,Toaster,,Engaging,2017-01-01,,\n")

    refused, taken = run(place), run(place, "--good-rows")

    assert refused.exit_code == 1
    assert "Bad: sales_pipeline.csv, line 6, field product: “Toaster”." in refused.output
    assert "Taken: 2 accounts, 1 products, 4 opportunities, 1 orders." in taken.output


def test_a_file_that_is_no_table_is_named(committing, folder):
    place = folder()
    (place / "products.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 50)

    found = run(place)

    assert found.exit_code == 1
    assert "products.csv: This is a picture, not a CSV file." in found.output
