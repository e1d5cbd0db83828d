"""A file of one partner."""

import pytest
from sqlalchemy.orm import Session

from app.files.models import StoredFile
from tests.factories.files import make_file
from tests.factories.partners import make_partner


@pytest.fixture
def partner_file(session: Session) -> StoredFile:
    return make_file(session, partner_id=make_partner(session).id)
