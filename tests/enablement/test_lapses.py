"""When a partner lost a certification: what several people hold, renewals, what was known."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.access.rules import Role
from app.enablement import queries
from app.enablement.rules import RENEWAL_DAYS, Held, lapses
from tests.conftest import as_actor
from tests.factories.clockwork import NOON
from tests.factories.enablement import make_certificate
from tests.factories.identity import make_actor
from tests.factories.partners import make_partner

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
AFTER = MAY + timedelta(days=RENEWAL_DAYS)
LATE = AFTER + timedelta(days=1)


def at(on):
    return datetime.combine(on, time.min, UTC)


def held(start, until, known=None, number="CE-1"):
    return Held(number, start, until, at(known or start))


START = date(2025, 5, 1)
ONE = held(START, MAY)


@pytest.mark.parametrize(
    ("certificates", "by", "found"),
    [
        ([], JUNE, []),
        ([ONE], MAY - timedelta(days=1), []),
        ([ONE], MAY, [MAY]),
        ([ONE, held(START, date(2026, 4, 1))], JUNE, [MAY]),
        ([ONE, held(date(2026, 3, 1), date(2027, 3, 1))], JUNE, []),
        ([ONE, held(MAY, date(2027, 5, 1))], JUNE, []),
        ([ONE, held(AFTER, date(2027, 5, 1))], LATE, []),
        ([ONE, held(AFTER, date(2027, 5, 1))], AFTER - timedelta(days=1), [MAY]),
        ([ONE, held(LATE, date(2027, 5, 1))], LATE, [MAY]),
        ([ONE, held(MAY, date(2027, 5, 1), known=LATE)], AFTER, [MAY]),
        ([ONE, held(MAY, date(2027, 5, 1), known=LATE)], LATE, []),
        ([ONE, held(LATE, date(2026, 9, 1))], date(2026, 9, 1), [MAY, date(2026, 9, 1)]),
    ],
)  # fmt: skip
def test_is_lost_when_the_last_certificate_ends_and_none_renews_it(certificates, by, found):
    assert [each.on for each in lapses(certificates, at(by))] == found


@pytest.mark.parametrize(("known", "since"), [(START, MAY), (JUNE, JUNE)])
def test_is_known_on_its_day_or_when_the_certificate_was_recorded(known, since):
    (found,) = lapses([held(START, MAY, known=known)], at(JUNE))

    assert found.known_at == at(since)


def test_keeps_its_number_when_somebody_else_held_it_longer():
    other = held(date(2026, 1, 1), JUNE, known=date(2026, 5, 9), number="CE-2")

    before, after = (lapses([ONE, other], at(by)) for by in (MAY, JUNE))

    assert [(each.number, each.on) for each in (*before, *after)] == [("CE-1", MAY), ("CE-1", JUNE)]


_days = st.integers(0, 400)
_held = st.builds(
    lambda start, days, known: held(
        START + timedelta(days=start), START + timedelta(days=start + days),
        START + timedelta(days=known),
    ),
    _days, st.integers(1, 200), _days,
)  # fmt: skip


@given(st.lists(_held, max_size=6), _days)
def test_every_day_says_the_same(certificates, by):
    today = START + timedelta(days=by)
    known = [each for each in certificates if each.recorded_at <= at(today)]

    expected = []
    for number in range(by + 1):
        day = START + timedelta(days=number)
        window = [day + timedelta(days=more) for more in range(RENEWAL_DAYS + 1)]
        ends = any(each.valid_until == day for each in known)
        goes_on = any(each.awarded_on in window for each in known) or any(
            each.awarded_on < day < each.valid_until for each in known
        )
        expected += [day] if ends and not goes_on else []

    assert [each.on for each in lapses(certificates, at(today))] == expected


class TestOfPartners:
    def test_counts_what_its_people_hold_by_name(self, session):
        partner, other = make_partner(session), make_partner(session)
        for who, until in (("Ada", date(2026, 2, 1)), ("Ben", date(2026, 3, 1))):
            make_certificate(session, partner, holder=who, subject="Cloud", valid_until=until)
        make_certificate(session, partner, subject="Network")
        make_certificate(session, other, subject="Cloud", valid_until=date(2026, 2, 1))

        found = queries.lapsed(session, [partner.id], by=NOON)

        assert {place: [each.on for each in lost] for place, lost in found.items()} == {
            (partner.id, "Cloud"): [date(2026, 3, 1)]
        }

    def test_is_not_lost_over_another_spelling(self, session):
        partner = make_partner(session)
        make_certificate(session, partner, subject="Cloud, expert", valid_until=date(2026, 2, 1))

        renewed = make_certificate(
            session, partner, subject="cloud,  Expert", awarded_on=date(2026, 2, 1)
        )

        assert renewed.subject == "Cloud, expert"
        assert queries.lapsed(session, [partner.id], by=NOON) == {}
        assert queries.subjects(session) == ["Cloud, expert"]

    def test_is_nothing_to_another_partner(self, session):
        partner, other = make_partner(session), make_partner(session)
        make_certificate(session, partner, valid_until=date(2026, 2, 1))
        stranger, both = make_actor(session, Role.PARTNER_ADMIN, other), [partner.id, other.id]
        assert queries.lapsed(session, both, by=NOON)

        with as_actor(session, stranger):
            assert queries.lapsed(session, both, by=NOON) == {}


def _rows():
    """Return the table of docs/algorithms/incentives.md: certificates, moment, days of loss."""
    text = (Path(__file__).parents[2] / "docs" / "algorithms" / "incentives.md").read_text()
    table = text.split("| certificates of one name: first day, end |")[1].split("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.split("\n")[2:]]


@pytest.mark.parametrize(("certificates", "moment", "lost"), _rows())
def test_the_page_says_when_a_certification_is_lost(certificates, moment, lost):
    spans = [map(date.fromisoformat, each.split(" to ")) for each in certificates.split(", ")]

    found = lapses([held(*span) for span in spans], at(date.fromisoformat(moment)))

    assert (", ".join(each.on.isoformat() for each in found) or "never") == lost
