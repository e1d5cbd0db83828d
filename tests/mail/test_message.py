"""Letters: subject, text, HTML; and what is refused."""

import pytest
from jinja2 import UndefinedError

from app.kernel.errors import Broken
from app.mail import message
from app.mail.message import AddressRefused, HeaderRefused, address, letter

APPROVED = """Subject: {{ title }} is approved
Hello {{ name }},

your registration is approved. See it at
{{ link("/deals/7") }}.

Protected until <Friday>.
"""


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Write a letter from a template of this test."""
    folder = tmp_path / "deals" / "mail"
    folder.mkdir(parents=True)
    for name in ("layouts", "mail"):
        (tmp_path / name).symlink_to(message.TEMPLATES / name)
    monkeypatch.setattr(message, "TEMPLATES", tmp_path)
    message._environment.cache_clear()

    def write(text: str = APPROVED, **context: str) -> message.Letter:
        (folder / "approved.txt").write_text(text)
        context = {"title": "DR-1", "name": "Ann", **context}
        return letter("deals/mail/approved", sender="Acme", base_url="https://p.example", **context)

    yield write
    message._environment.cache_clear()


def test_the_first_line_is_the_subject(written):
    assert written().subject == "DR-1 is approved"


def test_a_link_is_the_address_people_open_and_a_path(written):
    assert "https://p.example/deals/7.\n" in written().text


def test_the_html_links_the_address_without_its_full_stop(written):
    expected = (
        '<a href="https://p.example/deals/7" style="color:#2c4fc0">https://p.example/deals/7</a>.'
    )
    assert expected in written().html


def test_the_html_shows_text_as_text(written):
    html = written(name="<script>").html
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "&lt;Friday&gt;" in html
    assert "Acme" in html


def test_the_text_is_not_escaped(written):
    assert "Hello Ann & Bob," in written(name="Ann & Bob").text


@pytest.mark.parametrize("title", ["a\nBcc: b@example.com", "a\r\n\r\nbody", "a\x0bb", "a\u2028b"])
def test_a_subject_of_more_than_one_line_is_refused(written, title):
    with pytest.raises(HeaderRefused):
        written(title=title)


@pytest.mark.parametrize("text", ["Subject:  \nbody", "Subject: " + "a" * 251 + "\nbody"])
def test_a_subject_that_says_nothing_or_too_much_is_refused(written, text):
    with pytest.raises(HeaderRefused):
        written(text)


def test_a_template_without_subject_is_broken(written):
    with pytest.raises(Broken, match="begin with its subject"):
        written("Hello")


@pytest.mark.parametrize("path", ["https://evil.example", "//evil.example", "deals"])
def test_a_link_elsewhere_is_broken(written, path):
    with pytest.raises(Broken, match="path of ours"):
        written("Subject: s\n{{ link('" + path + "') }}")


def test_a_name_that_is_missing_is_an_error(written):
    with pytest.raises(UndefinedError):
        written("Subject: s\n{{ nobody }}")


@pytest.mark.parametrize("value", ["a@example.com", "a.b+c@mail.example.co.uk", "o'neil@localhost"])
def test_an_address_is_taken(value):
    assert address(value) == value


@pytest.mark.parametrize(
    "value",
    [
        "",
        "ann",
        "ann@",
        "@example.com",
        "a b@example.com",
        "a@b@example.com",
        "a@example.com, b@example.com",
        "Ann <a@example.com>",
        "a@example.com\nBcc: b@example.com",
        "a@example.com\r",
        "a@exämple.com",
        "a" * 250 + "@example.com",
    ],
)
def test_what_is_not_one_plain_address_is_refused(value):
    with pytest.raises(AddressRefused):
        address(value)
