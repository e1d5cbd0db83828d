"""Dirty files: a report by line, never a crash."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.kernel.money import Money
from app.revenue.rules.imports import PAYMENT_COLUMNS, payment_row
from app.revenue.rules.reading import (
    LARGEST,
    Column,
    DayOrder,
    DecimalSign,
    FileRefused,
    Manner,
    Reader,
    Row,
    decode,
    read_table,
)

FIRST = date(2026, 3, 1)
COLUMNS = (Column("name"), Column("note", ("remark",), required=False))


def table(content):
    return read_table(content if isinstance(content, bytes) else content.encode(), COLUMNS)


def names(found):
    return [row.get("name") for row in found.rows]


class TestLetters:
    @pytest.mark.parametrize(
        ("codec", "said"),
        [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("utf-32", "UTF-32"),
         ("utf-16-le", "UTF-16"), ("utf-16-be", "UTF-16"), ("cp1252", "Windows-1252")],
    )  # fmt: skip
    def test_are_read_in_every_usual_encoding(self, codec, said):
        found = table("name,note\nMüller,x\nCafé,y\n".encode(codec))

        assert (names(found), found.encoding) == (["Müller", "Café"], said)

    def test_a_guess_is_stated(self):
        assert "Windows-1252" in table("name\nMüller\n".encode("cp1252")).notes[0]

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"", "empty"),
            (b" \n\0\n", "empty"),
            (b"\xff\xfe", "empty"),
            (b"name\nM\x81ller\xff\n", "line 2 fits neither"),
            (b"\xef\xbb\xbfname\n\xff\n", "begins as UTF-8"),
            (b"\xff\xfea\0b", "begins as UTF-16"),
            (b"%PDF-1.7\n", "a PDF"),
            (b"PK\x03\x04rest", "an Excel workbook"),
            (b"\x89PNG\r\n", "a picture"),
            (b"<!doctype html>", "a web page"),
            (bytes(range(1, 32)) * 20, "not a text file"),
        ],
    )
    def test_other_files_are_refused_with_a_sentence(self, content, sentence):
        with pytest.raises(FileRefused, match=sentence):
            decode(content)

    def test_a_file_beyond_all_reason_is_refused(self):
        with pytest.raises(FileRefused, match="20 MB"):
            decode(b"a" * (LARGEST + 1))


class TestTables:
    @pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
    def test_the_separator_is_found(self, sign):
        assert names(table(f"name{sign}note\na{sign}b\n")) == ["a"]

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_every_kind_of_line_end_is_one(self, end):
        found = table(end.join(["name,note", "a,1", "b,2"]))

        assert [(row.line, row.get("name")) for row in found.rows] == [(2, "a"), (3, "b")]

    def test_mixed_line_ends_are_stated(self):
        found = table("name,note\r\na,1\nb,2\rc,3")

        assert names(found) == ["a", "b", "c"]
        assert any("different ways" in note for note in found.notes)

    def test_excels_own_first_line_is_no_head(self):
        found = table("sep=;\r\nname;note\r\na;1\r\n")

        assert [(row.line, row.get("name")) for row in found.rows] == [(3, "a")]

    def test_lines_are_those_of_the_file_also_after_cells_of_several_lines(self):
        found = table('name,note\n"a\nb",1\n\nc,2\n')

        assert [(row.line, row.get("name")) for row in found.rows] == [(2, "a\nb"), (5, "c")]

    @pytest.mark.parametrize(
        ("row", "sentence"),
        [
            ("a", "1 cells; the head has 2"),
            ("a,b,c", "3 cells; the head has 2"),
            ("a\0,b", "NUL"),
            ("a," + "x" * 1_000_000, "1,000,000 characters"),
        ],
    )
    def test_a_row_that_is_not_whole_is_named_and_the_others_read(self, row, sentence):
        found = table(f"name,note\n{row}\nz,1\n")

        assert names(found) == ["z"]
        assert (found.problems[0].line, sentence in found.problems[0].sentence) == (2, True)
        assert len(found.problems[0].value) <= 60

    def test_empty_cells_too_many_do_no_harm(self):
        assert names(table("name,note\na,1,,\n")) == ["a"]

    def test_a_quote_never_closed_ends_the_reading_there(self):
        found = table('name,note\na,1\n"b,2\nc,3\n')

        assert (names(found), found.is_whole) == (["a"], False)
        assert found.problems[0].line == 3

    @pytest.mark.parametrize(
        ("head", "sentence"),
        [("name,Name", "twice"), ("note,remark,name", "both mean"), ("note", "columns name"),
         (",".join(f"c{n}" for n in range(300)), "more than 200")],
    )  # fmt: skip
    def test_a_head_that_cannot_be_is_refused(self, head, sentence):
        with pytest.raises(FileRefused, match=sentence):
            table(f"{head}\na,b\n")

    def test_a_head_is_read_loosely_and_the_rest_is_named(self):
        found = table(" NAME , Re-mark,Colour\na,b,c\n".replace("Re-mark", "Remark"))

        assert found.rows[0].cells == {"name": "a", "note": "b"}
        assert found.notes == ["Columns not used: Colour."]


def amount(text, sign=DecimalSign.POINT, currency="EUR"):
    reader = Reader(Row(2, {"amount": text, "currency": currency}), Manner(sign))
    return reader.amount("amount")


def day(text, order=DayOrder.ISO):
    return Reader(Row(2, {"day": text}), Manner(days=order)).day("day")


class TestCells:
    @pytest.mark.parametrize(
        ("text", "sign", "minor"),
        [
            ("1234.5", "point", 123_450), ("1,234.50", "point", 123_450),
            ("1 234.50", "point", 123_450), ("1'234.50", "point", 123_450),
            ("1.234,50", "comma", 123_450), ("1234,5", "comma", 123_450),
            ("1.234", "comma", 123_400), ("12,50", "point", None), ("12.50", "comma", None),
            ("1.234", "point", None), ("-1", "point", None), ("1e3", "point", None),
            ("inf", "point", None), ("٣", "point", None), ("", "point", None),
            ("1,23,456", "point", None),
        ],
    )  # fmt: skip
    def test_amounts_are_read_as_was_said(self, text, sign, minor):
        found = amount(text, DecimalSign(sign))

        assert found == (None if minor is None else Money(minor, "EUR"))

    @pytest.mark.parametrize(("currency", "minor"), [("jpy", 5), ("KWD", 5000), ("XXX", None)])
    def test_amounts_have_the_decimals_of_their_currency(self, currency, minor):
        found = amount("5", currency=currency)

        assert (found and found.minor) == minor

    @pytest.mark.parametrize(
        ("text", "order", "found"),
        [
            ("2026-03-01", "iso", FIRST), ("2026-03-01 00:00:00", "iso", FIRST),
            ("01.03.2026", "day_first", FIRST), ("1/3/2026", "day_first", FIRST),
            ("03/01/2026", "month_first", FIRST), ("2026-03-01", "month_first", FIRST),
            ("31/01/2026", "month_first", None), ("01/03/2026", "iso", None),
            ("01.03.26", "day_first", None), ("2026-02-29", "iso", None),
            ("0001-01-01", "iso", None), ("9999-12-31", "iso", None),
            ("soon", "iso", None), ("01.03-2026", "day_first", None),
        ],
    )  # fmt: skip
    def test_days_are_read_as_was_said(self, text, order, found):
        assert day(text, DayOrder(order)) == found


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_crash_the_reader(content):
    try:
        found = table(b"name,note\n" + content)
    except FileRefused:
        return
    assert all("\0" not in cell for row in found.rows for cell in row.cells.values())


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200), st.sampled_from(DecimalSign), st.sampled_from(DayOrder))
def test_no_text_crashes_a_row(text, sign, order):
    head = ",".join(column.name for column in PAYMENT_COLUMNS)
    try:
        found = read_table(f"{head}\n{text}\n".encode("utf-8", "replace"), PAYMENT_COLUMNS)
    except FileRefused:
        return
    for row in found.rows:
        assert payment_row(row, Manner(sign, order)) is not None


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 10**12), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_an_amount_written_is_the_amount_read(minor, currency):
    written = f"{Money(minor, currency).amount}"

    assert amount(written, currency=currency) == Money(minor, currency)
    assert amount(written.replace(".", ","), DecimalSign.COMMA, currency) == Money(minor, currency)
