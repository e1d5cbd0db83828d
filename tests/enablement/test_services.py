"""The library and its walls; certificates."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from app.access.rules import SYSTEM, Role
from app.enablement import queries, services
from app.enablement.queries import Filters, certificates, library
from app.enablement.rules import Award, CertificateState, ItemKind
from app.kernel.errors import Invalid, NotFound
from app.kernel.numbering import is_reference
from app.ledger.queries import names_of
from app.partners.rules import PartnerState
from tests.conftest import as_actor
from tests.factories.clockwork import NOON
from tests.factories.enablement import content, make_certificate, make_item
from tests.factories.files import PDF, PNG
from tests.factories.identity import make_actor, make_user
from tests.factories.partners import make_partner, make_programme, make_tier

TODAY = NOON.date()


@pytest.fixture
def programme(session):
    return make_programme(session)


@pytest.fixture
def silver(session, programme):
    return make_tier(session, programme, name="Silver", rank=1)


@pytest.fixture
def gold(session, programme):
    return make_tier(session, programme, name="Gold", rank=2)


@pytest.fixture
def member(session, silver):
    return make_actor(session, Role.PARTNER_MEMBER, make_partner(session, silver))


def opened(session, actor):
    with as_actor(session, actor):
        return set(session.scalars(queries.visible_to(actor, on=TODAY)))


def listed(session, actor, filters=None):
    with as_actor(session, actor):
        rows = library.listing(session, actor=actor, on=TODAY, filters=filters or Filters())
        return {row.title: row.opens for row in rows}


class TestWhatAPartnerMayOpen:
    def test_is_what_its_tier_reaches(self, session, member, silver, gold):
        free, own = make_item(session), make_item(session, tier_id=silver.id)
        above = make_item(session, tier_id=gold.id)

        assert opened(session, member) == {free, own}
        assert listed(session, member) == {free.title: True, own.title: True, above.title: False}

    def test_is_of_its_programme_or_of_every(self, session, member, programme):
        mine = make_item(session, programme_id=programme.id)
        other = make_tier(session, rank=1)
        make_item(session, programme_id=other.programme_id)
        make_item(session, tier_id=other.id)

        assert opened(session, member) == {mine}
        assert listed(session, member) == {mine.title: True}

    @pytest.mark.parametrize(("days", "shown"), [(0, False), (1, True)])
    def test_ends_on_its_last_day(self, session, member, days, shown):
        make_item(session, valid_until=TODAY + timedelta(days=days))

        assert bool(listed(session, member)) is shown

    def test_is_published(self, session, member, channel_lead, finance):
        make_item(session, published=False)

        assert (len(opened(session, member)), len(opened(session, finance))) == (0, 0)
        assert len(opened(session, channel_lead)) == 1

    def test_is_nothing_once_the_partnership_ended(self, session, silver):
        make_item(session)
        partner = make_partner(session, silver, state=PartnerState.ENDED)
        actor = make_actor(session, Role.PARTNER_ADMIN, partner)

        assert listed(session, actor) == {}

    def test_answers_alike_for_what_is_closed_and_what_is_not_there(self, session, member, gold):
        closed = make_item(session, tier_id=gold.id)

        for slug in (closed.slug, "nothing-here"):
            with pytest.raises(NotFound), as_actor(session, member):
                queries.one(session, slug, actor=member, on=TODAY)


class TestLibrary:
    def test_filters_by_words_and_kind(self, session, member):
        page = make_item(session, title="Selling", summary="100% of it")
        file = make_item(session, title="Brochure", file=PDF)

        assert listed(session, member, Filters("100%")) == {page.title: True}
        assert listed(session, member, Filters(kind=ItemKind.FILE)) == {file.title: True}

    def test_keeps_an_entry_of_every_act(self, session, channel_lead):
        item = make_item(session)
        changed = content(slug=item.slug, body="New")

        services.edit_item(session, item.id, content=changed, actor=channel_lead, at=NOON)
        services.withdraw(session, item.id, actor=channel_lead, at=NOON)

        acts = [name.rpartition(".")[2] for name in names_of(session, "library_item", item.id)]
        assert acts == ["added", "published", "edited", "withdrawn"]

    def test_refuses_an_address_twice(self, session):
        item = make_item(session)

        with pytest.raises(services.AddressTaken):
            make_item(session, slug=item.slug)

    def test_refuses_a_tier_of_another_programme(self, session, programme):
        with pytest.raises(Invalid):
            make_item(session, programme_id=programme.id, tier_id=make_tier(session).id)

    def test_takes_the_programme_from_the_tier(self, session, gold, programme):
        assert make_item(session, tier_id=gold.id).programme_id == programme.id

    @pytest.mark.parametrize("kind", ItemKind)
    def test_publishes_nothing_empty(self, session, kind):
        with pytest.raises(services.NothingToPublish):
            make_item(session, kind=kind, body="")

    def test_lets_nobody_empty_what_partners_read(self, session):
        item = make_item(session)
        empty = content(slug=item.slug, body="")

        with pytest.raises(Invalid):
            services.edit_item(session, item.id, content=empty, actor=SYSTEM, at=NOON)

    def test_refuses_a_file_that_is_not_what_it_says(self, session):
        with pytest.raises(Invalid):
            make_item(session, file=PNG)


class TestCertificates:
    def test_carry_a_number_and_leave_an_entry(self, session):
        certificate = make_certificate(session, make_partner(session))

        assert is_reference(certificate.number)
        told = names_of(session, "certificate", certificate.id)
        assert told == ["enablement.certificate.awarded"]

    def test_go_to_people_of_the_partner(self, session):
        stranger = make_user(session, Role.PARTNER_MEMBER)

        with pytest.raises(Invalid):
            make_certificate(session, make_partner(session), user_id=stranger.id)

    def test_want_a_partner(self, session):
        award = Award(UUID(int=404), "Sales", "Ada", TODAY, TODAY + timedelta(days=1))

        with pytest.raises(NotFound):
            services.award(session, award, actor=SYSTEM, at=NOON)

    def test_are_counted_while_they_hold(self, session):
        partner, other = make_partner(session), make_partner(session)
        make_certificate(session, partner)
        make_certificate(session, partner, valid_until=TODAY)

        counts = queries.live_counts(session, [partner.id, other.id], on=TODAY)
        assert counts == {partner.id: 1}
        statement = certificates.listing(SYSTEM, on=TODAY)
        states = [row.state for row in session.execute(statement)]
        assert states == [CertificateState.LIVE, CertificateState.EXPIRED]

    def test_of_others_are_not_there(self, session, member):
        mine = make_partner(session)
        certificate_id = make_certificate(session, mine).id

        with as_actor(session, member):
            with pytest.raises(NotFound):
                queries.certificate(session, certificate_id, actor=member)
            assert not session.execute(certificates.listing(member, on=TODAY)).all()
            # the second wall holds without the first
            seen_by_all = replace(member, role=None)
            assert not session.execute(certificates.listing(seen_by_all, on=TODAY)).all()
