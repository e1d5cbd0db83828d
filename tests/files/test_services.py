"""Files kept and handed out."""

import hashlib
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.exc import InvalidRequestError

from app.access.rules import SYSTEM, Actor, Role
from app.files.models import StoredFile
from app.files.rules import FileIsNotWhatItSays
from app.files.services import download, fetch, store
from app.kernel.errors import NotFound
from tests.factories.files import PDF, make_file

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def stranger() -> Actor:
    partner_id = UUID(int=404)
    return Actor(UUID(int=404), "Ada", Role.PARTNER_ADMIN, partner_id, (partner_id,))


class TestStore:
    def test_keeps_what_is_known_of_the_file(self, session):
        file = make_file(session, name="folder/Proof.pdf")

        assert (file.name, file.media_type) == ("Proof.pdf", "application/pdf")
        assert (file.size, file.sha256) == (len(PDF), hashlib.sha256(PDF).hexdigest())
        assert file.uploaded_at == NOON

    def test_keeps_nothing_of_a_refused_file(self, session):
        with pytest.raises(FileIsNotWhatItSays):
            store(session, name="a.png", content=PDF, actor=SYSTEM, at=NOON)

        assert session.scalars(select(StoredFile)).all() == []


class TestFetch:
    def test_gives_the_content_back(self, session):
        kept = make_file(session).id
        session.expunge_all()

        assert fetch(session, kept, actor=SYSTEM).content == PDF

    def test_lets_any_partner_read_a_shared_file(self, session):
        assert fetch(session, make_file(session).id, actor=stranger()).content == PDF

    def test_knows_no_file_of_another_partner(self, session, partner_file):
        with pytest.raises(NotFound):
            fetch(session, partner_file.id, actor=stranger())

    def test_knows_no_unknown_file(self, session):
        with pytest.raises(NotFound):
            fetch(session, UUID(int=404), actor=SYSTEM)

    def test_lists_load_no_content(self, session):
        make_file(session)
        session.expunge_all()

        with pytest.raises(InvalidRequestError):
            _ = session.scalars(select(StoredFile)).one().content


class TestDownload:
    def test_is_an_attachment_that_nobody_shows_guesses_or_keeps(self, session):
        answer = download(make_file(session, name='März "1".pdf'))

        assert answer.headers["Content-Disposition"] == (
            "attachment; filename=\"M-rz -1-.pdf\"; filename*=UTF-8''M%C3%A4rz%20-1-.pdf"
        )
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
