"""Posting and delivering, to the mailbox and to a real server on this machine."""

import socket
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from smtplib import SMTPNotSupportedError
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller

from app.db.engine import NOBODY, Scope, set_scope
from app.jobs import queries as jobs
from app.jobs.rules import JobState
from app.jobs.runner import drain, hurry
from app.kernel.errors import Broken
from app.mail import door, message, queries, services
from app.mail.message import AddressRefused
from app.mail.models import MailState

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Inbox:
    """What a mail server was given; it can be told to refuse."""

    def __init__(self) -> None:
        self.mail: list[EmailMessage] = []
        self.answer = "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - named by the library
        if self.answer.startswith("250"):
            self.mail.append(message_from_bytes(envelope.content, policy=policy.default))
        return self.answer


@pytest.fixture
def greeting(tmp_path, monkeypatch):
    for name in ("layouts", "mail"):
        (tmp_path / name).symlink_to(message.TEMPLATES / name)
    (tmp_path / "hello.txt").write_text(
        "Subject: Hello {{ name }}\nCome to {{ link('/') }} – now\n"
    )
    monkeypatch.setattr(message, "TEMPLATES", tmp_path)
    message._environment.cache_clear()
    yield "hello"
    message._environment.cache_clear()


@pytest.fixture
def post(session, greeting):
    before = door.current()
    door.connect(sender="Acme Partners <hello@acme.example>", base_url="https://p.example/")

    def do(to: str = "ann@example.com", **context: Any) -> UUID:
        context = {"name": "Ann", **context}
        return services.post(session, to=to, template=greeting, at=NOON, **context)

    yield do
    door.use(before)


@pytest.fixture
def inbox(post):
    inbox = Inbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(inbox, hostname="127.0.0.1", port=port)
    server.start()
    url = f"smtp://127.0.0.1:{port}?tls=never"
    door.connect(sender="Acme Partners <hello@acme.example>", base_url="https://p", smtp_url=url)
    yield inbox
    server.stop()


def test_without_a_server_the_table_is_the_mailbox(session, post):
    mail_id = post(partner_id=UUID(int=1))
    drain(session, at=NOON)
    mail = queries.one(session, mail_id)
    assert (mail.state, mail.sent_at, mail.to) == (MailState.SENT, NOON, "ann@example.com")
    assert mail.partner_id == UUID(int=1)
    assert mail.text == "Come to https://p.example/ – now\n"


def test_it_arrives_as_text_and_html_with_honest_headers(session, post, inbox):
    mail_id = post(name="Ännchen")
    drain(session)
    (mail,) = inbox.mail
    assert mail["From"] == "Acme Partners <hello@acme.example>"
    assert (mail["To"], mail["Subject"]) == ("ann@example.com", "Hello Ännchen")
    assert mail["Message-ID"] == f"<{mail_id}@acme.example>"
    assert mail["Date"] == "Mon, 02 Mar 2026 12:00:00 +0000"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


def test_a_letter_is_sent_once(session, post, inbox):
    mail_id = post()
    drain(session)
    run = jobs.recent(session)[0]
    run.state = JobState.QUEUED
    assert drain(session) == 1
    assert len(inbox.mail) == 1
    assert queries.one(session, mail_id).attempts == 1


def test_nothing_is_posted_when_the_transaction_is_rolled_back(session, post):
    with session.begin_nested() as savepoint:
        post()
        savepoint.rollback()
    assert drain(session) == 0
    assert queries.latest(session) == []


@pytest.mark.parametrize("scope", [NOBODY, Scope("partner", (UUID(int=1),)), Scope("vendor")])
def test_anybody_may_post_and_nobody_but_the_system_may_read(session, post, scope):
    set_scope(session, scope)
    post()
    assert session.info["scope"] == scope
    assert queries.latest(session) == []
    set_scope(session, Scope("system"))
    assert [mail.to for mail in queries.latest(session, to="ann@example.com")] == [
        "ann@example.com"
    ]


def test_a_server_that_refuses_is_tried_five_times(session, post, inbox):
    inbox.answer = "451 come back later"
    mail_id = post()
    for _ in range(5):
        drain(session, forgiving=True)
        hurry(session, jobs.recent(session)[0].id)
    mail = queries.one(session, mail_id, lock=True)
    assert (mail.state, mail.attempts) == (MailState.FAILED, 5)
    assert mail.error is not None
    assert "come back later" in mail.error
    assert [run.name for run in jobs.dead_letters(session)] == ["mail.deliver"]


def test_a_server_that_is_away_only_delays(session, post, inbox):
    inbox.answer = "451 come back later"
    mail_id = post()
    drain(session, forgiving=True)
    assert queries.one(session, mail_id, lock=True).state is MailState.QUEUED
    inbox.answer = "250 OK"
    hurry(session, jobs.recent(session)[0].id)
    drain(session)
    assert len(inbox.mail) == 1


def test_a_second_recipient_cannot_be_slipped_in(session, post):
    with pytest.raises(AddressRefused):
        post(to="ann@example.com\nBcc: eve@example.com")
    assert queries.latest(session) == []


def test_a_line_that_cannot_be_secured_is_not_used(session, post, inbox):
    way = door.current()
    assert way.server is not None
    door.use(replace(way, server=replace(way.server, security="starttls")))
    post()
    with pytest.raises(SMTPNotSupportedError, match="STARTTLS"):
        drain(session)
    assert inbox.mail == []


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example", ("mail.example", 587, "", "", "starttls")),
        ("smtps://mail.example", ("mail.example", 465, "", "", "tls")),
        ("smtp://me:p%40ss@mail.example:25", ("mail.example", 25, "me", "p@ss", "starttls")),
        ("smtp://localhost:25?tls=never", ("localhost", 25, "", "", "none")),
    ],
)
def test_the_address_of_the_server_is_read(url, expected):
    smtp = door.Smtp.at(url)
    assert (smtp.host, smtp.port, smtp.user, smtp.password, smtp.security) == expected


@pytest.mark.parametrize("url", ["http://mail.example", "smtp://", "smtp://h?tls=maybe"])
def test_an_address_that_cannot_be_read_is_broken(url):
    with pytest.raises(Broken):
        door.Smtp.at(url)
