"""Which files are taken."""

import io
import zipfile

import pytest

from app.files.rules import (
    KINDS,
    LARGEST,
    LONGEST_NAME,
    FileEmpty,
    FileIsNotWhatItSays,
    FileKindNotTaken,
    FileTooLarge,
    check,
    safe_name,
)
from tests.factories.files import PDF, PNG, archive


def bomb() -> bytes:
    return archive({"a.bin": b"\0" * 5_000_000})


def link() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as opened:
        entry = zipfile.ZipInfo("link")
        entry.external_attr = 0o120777 << 16
        opened.writestr(entry, "/etc/passwd")
    return buffer.getvalue()


TYPES = {"[Content_Types].xml": b"<Types/>"}
DOCX = archive({**TYPES, "word/document.xml": b"<w/>"})


class TestCheck:
    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("proof.PDF", PDF),
            ("photo.png", PNG),
            ("photo.jpg", b"\xff\xd8\xff\xe0rest"),
            ("film.mp4", b"\0\0\0\x18ftypmp42"),
            ("lines.csv", "Größe;1\r\n".encode()),
            ("old.csv", "Größe;1\r\n".encode("cp1252")),
            ("wide.txt", "Größe".encode("utf-16")),
            ("plan.docx", DOCX),
            ("kit.zip", archive({"a/b.txt": b"x"})),
        ],
    )
    def test_takes_what_is_what_it_says(self, name: str, content: bytes) -> None:
        found = check(name, content)

        assert found.media_type == KINDS[name.rpartition(".")[2].lower()].media_type

    @pytest.mark.parametrize(
        "name", ["run.exe", "page.html", "x.svg", "noextension", ".pdf", "a.pdf.js", ""]
    )
    def test_refuses_other_kinds(self, name: str) -> None:
        with pytest.raises(FileKindNotTaken):
            check(name, PDF)

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("a.pdf", b"<html>"),
            ("a.png", PDF),
            ("a.csv", b"MZ\0\x01\x02"),
            ("a.docx", archive({"x": b"y"})),
            ("a.docx", archive({**TYPES, "word/vbaProject.bin": b"m"})),
            ("a.xlsx", DOCX),
            ("a.zip", b"PK\x03\x04 and no more"),
            ("a.zip", archive({"../../etc/cron.d/x": b"y"})),
            ("a.zip", archive({"/etc/x": b"y"})),
            ("a.zip", archive({"C:\\x": b"y"})),
            ("a.zip", link()),
        ],
    )
    def test_refuses_what_is_something_else(self, name: str, content: bytes) -> None:
        with pytest.raises(FileIsNotWhatItSays):
            check(name, content)

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("a.pdf", PDF + b" " * LARGEST),
            ("a.zip", bomb()),
            ("a.docx", bomb()),
            ("a.zip", archive({f"{n}": b"" for n in range(2001)})),
        ],
    )
    def test_refuses_what_is_too_large(self, name: str, content: bytes) -> None:
        with pytest.raises(FileTooLarge):
            check(name, content)

    def test_refuses_an_empty_file(self) -> None:
        with pytest.raises(FileEmpty):
            check("a.pdf", b"")


class TestSafeName:
    @pytest.mark.parametrize(
        ("given", "shown"),
        [
            ("../../etc/passwd.txt", "passwd.txt"),
            ("C:\\Users\\a\\proof.pdf", "proof.pdf"),
            ("invoice\u202efdp.exe.pdf", "invoicefdp.exe.pdf"),
            ("a\r\nb\0.pdf", "a b.pdf"),
            (' "x" <y>.pdf ', "-x- -y-.pdf"),
            ("...pdf", "pdf"),
            ("", "file"),
            ("Rechnung März.pdf", "Rechnung März.pdf"),
        ],
    )
    def test_shows_nothing_that_deceives(self, given: str, shown: str) -> None:
        assert safe_name(given) == shown

    def test_keeps_the_extension_of_a_long_name(self) -> None:
        shown = safe_name("n" * 500 + ".pdf")

        assert len(shown) == LONGEST_NAME
        assert shown.endswith("n.pdf")
