"""CSV and Excel files."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum

import numpy as np
import pytest

from app.kernel.errors import Broken
from app.kernel.money import Money
from app.web.exports import Sheet, csv_bytes, xlsx_bytes

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
CET = timezone(timedelta(hours=1))


class State(StrEnum):
    OPEN = "open"


def cell_of(value: object) -> str:
    content = csv_bytes(["a"], [[value]]).decode()
    return next(iter(list(csv.reader(io.StringIO(content)))[1]), "")


class TestCsvBytes:
    @pytest.mark.parametrize(
        ("value", "said"),
        [
            (None, ""),
            (True, "yes"),
            (-5, "-5"),
            (np.int64(-5), "-5"),
            (Decimal("-1E+3"), "-1000"),
            (1.5, "1.5"),
            (Money(-1250, "EUR"), "-12.50"),
            (Money(1250, "JPY"), "1250"),
            (Money(1250, "KWD"), "1.250"),
            (date(2026, 3, 2), "2026-03-02"),
            (datetime(2026, 3, 2, 13, tzinfo=CET), "2026-03-02T12:00:00+00:00"),
            (State.OPEN, "open"),
            ("Größe, „x“\r\ny", "Größe, „x“\r\ny"),
            ("bell\x07 and nul\0", "bell and nul"),
            ("-12.50", "-12.50"),
        ],
    )
    def test_writes_each_kind_plainly(self, value: object, said: str) -> None:
        assert cell_of(value) == said

    @pytest.mark.parametrize(
        "text",
        ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "  =1+1", "＝1+1", "-x", "+44 20 1"],  # noqa: RUF001
    )
    def test_lets_no_text_become_a_formula(self, text: str) -> None:
        assert cell_of(text) == f"'{text}"

    def test_follows_rfc_4180(self) -> None:
        assert csv_bytes(["a", "b"], [['x "y"', "1,2"]]) == b'a,b\r\n"x ""y""","1,2"\r\n'

    def test_marks_its_encoding_on_demand(self) -> None:
        assert csv_bytes(["ä"], [], bom=True) == b"\xef\xbb\xbf\xc3\xa4\r\n"

    @pytest.mark.parametrize("value", [float("nan"), Decimal("Infinity"), datetime(2026, 1, 1)])  # noqa: DTZ001
    def test_writes_nothing_that_is_no_figure(self, value: object) -> None:
        with pytest.raises(Broken):
            csv_bytes(["a"], [[value]])


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return opened.read(name).decode()


def book(*rows: list[object], name: str = "Lines") -> bytes:
    return xlsx_bytes([Sheet(name, ["A", "B"], rows)], created_at=NOON)


class TestXlsxBytes:
    def test_keeps_text_as_text(self) -> None:
        page = part(book(["=HYPERLINK(1)", "0012"]), "xl/worksheets/sheet1.xml")

        assert "<f>" not in page
        assert "=HYPERLINK(1)</t>" in page
        assert "0012</t>" in page

    def test_writes_figures_as_figures(self) -> None:
        page = part(book([Money(-1250, "EUR"), Decimal("0.5")]), "xl/worksheets/sheet1.xml")

        assert "<v>-12.5</v>" in page
        assert "<v>0.5</v>" in page

    @pytest.mark.parametrize(
        ("currency", "pattern"), [("EUR", "[$EUR] #,##0.00"), ("JPY", "[$JPY] #,##0")]
    )
    def test_formats_money_by_its_currency(self, currency: str, pattern: str) -> None:
        styles = part(book([Money(100, currency)]), "xl/styles.xml")

        assert f'formatCode="{pattern}"' in styles

    def test_writes_days_as_days(self) -> None:
        page = part(book([date(2026, 3, 2), NOON]), "xl/worksheets/sheet1.xml")

        assert "<v>46083</v>" in page
        assert "<v>46083.5</v>" in page

    def test_gives_the_same_bytes_for_the_same_input(self) -> None:
        assert book(["x", 1]) == book(["x", 1])

    def test_gives_each_sheet_a_name_that_excel_takes(self) -> None:
        sheets = [Sheet(name, ["A"], []) for name in ("a/b [x]", "A-B -X-", "n" * 40, "n" * 50)]
        index = part(xlsx_bytes(sheets), "xl/workbook.xml")

        for name in ("a-b -x-", "A-B -X- 2", "n" * 31, "n" * 29 + " 2"):
            assert f'name="{name}"' in index
