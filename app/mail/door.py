"""The way out: a mail server, or nowhere but our own table, which is the mailbox of a trial."""

import smtplib
import ssl
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from urllib.parse import parse_qs, unquote, urlsplit

from app.kernel.errors import Broken
from app.mail.models import MailMessage

TIMEOUT = 20.0
"""Seconds that each word of the mail server may take."""

_PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class Smtp:
    """A mail server: where it is, who we are there, how the line is secured."""

    host: str
    port: int
    user: str
    password: str
    security: str
    timeout: float = TIMEOUT

    @classmethod
    def at(cls, url: str) -> "Smtp":
        """Read ``smtp://user:password@host:587`` (STARTTLS) or ``smtps://host`` (TLS).

        ``?tls=never`` leaves the line open: for a server on this machine only.

        :raises Broken: if it cannot be read
        """
        parts = urlsplit(url)
        tls = parse_qs(parts.query).get("tls", ["required"])[-1]
        if parts.scheme not in _PORTS or not parts.hostname or tls not in {"required", "never"}:
            raise Broken("the address of the mail server cannot be read")
        security = "tls" if parts.scheme == "smtps" else "none" if tls == "never" else "starttls"
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        port = parts.port or _PORTS[parts.scheme]
        return cls(parts.hostname, port, user, password, security)

    def send(self, message: EmailMessage) -> None:
        """Hand ``message`` to the server; any failure is an exception."""
        with self._line() as line:
            if self.security == "starttls":
                line.starttls(context=ssl.create_default_context())
            if self.user:
                line.login(self.user, self.password)
            line.send_message(message)

    def _line(self) -> smtplib.SMTP:
        if self.security == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=context)
        return smtplib.SMTP(self.host, self.port, timeout=self.timeout)


@dataclass(frozen=True, slots=True)
class Post:
    """How this installation writes: its sender, the address people open, and the way out."""

    sender: str = "Tandem <tandem@localhost>"
    base_url: str = "http://127.0.0.1:8000"
    server: Smtp | None = None

    @property
    def name(self) -> str:
        """The sender's name, as readers know it."""
        return parseaddr(self.sender)[0] or "Tandem"


_current: list[Post] = [Post()]


def connect(*, sender: str, base_url: str, smtp_url: str = "") -> Post:
    """Make this process write as ``sender``, by the server at ``smtp_url``; empty: mailbox only.

    :raises Broken: if ``smtp_url`` cannot be read
    """
    post = Post(sender, base_url.rstrip("/"), Smtp.at(smtp_url) if smtp_url else None)
    use(post)
    return post


def use(post: Post) -> None:
    """Make ``post`` the way in which this process writes."""
    _current[:] = [post]


def current() -> Post:
    """Return how this process writes."""
    return _current[0]


def envelope(letter: MailMessage, sender: str) -> EmailMessage:
    """Return ``letter`` as it travels; its Message-ID is the same at each attempt."""
    message = EmailMessage(policy=SMTP)
    name, mailbox = parseaddr(sender)
    user, _, domain = mailbox.partition("@")
    message["From"] = Address(name, user, domain)
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.created_at)
    message["Message-ID"] = f"<{letter.id}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message
