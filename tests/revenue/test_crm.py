"""The public CRM export, and small exports with one trap each."""

from datetime import date

import pytest
from sqlalchemy import func, select

from app.access.rules import SYSTEM
from app.accounts.models import Account
from app.catalogue import queries as catalogue
from app.catalogue.models import Product
from app.ledger.models import LedgerEntry
from app.pipeline.models import Opportunity, StageChange
from app.pipeline.rules import Stage
from app.revenue import queries
from app.revenue.models import Order
from app.revenue.rules.crm import FILES
from app.revenue.rules.imports import HasBadRows
from app.revenue.rules.reading import FileRefused
from app.revenue.services.crm import SOURCE, import_crm, preview_crm
from app.revenue.services.crm.write import Vendor
from tests.conftest import SHARED_DATA
from tests.factories.clockwork import NOON

FOLDER = SHARED_DATA / "crm-maven"
real = pytest.mark.skipif(not FOLDER.exists(), reason=f"{FOLDER} is absent")

SMALL = {
    "accounts.csv": "account,sector,office_location,subsidiary_of\n"
    "Child,technolgy,Philipines,Parent\nParent,retail,United States,\n",
    "products.csv": "product,series,sales_price\nZZ Pro,ZZ,100\n",
    "sales_teams.csv": "sales_agent,manager,regional_office\nAnn,Bob,East\n",
    "sales_pipeline.csv": "opportunity_id,sales_agent,product,account,deal_stage,engage_date,"
    "close_date,close_value\n"
    "A,Ann,ZZPro,Parent,Won,2017-01-01,2017-02-01,90\n"
    "B,Ann,ZZ Pro,Child,Lost,2017-01-01,2017-02-01,0\n"
    "C,Ann,ZZ Pro,,Engaging,2017-01-05,,\n"
    "D,Ann,ZZ Pro,,Prospecting,,,\n",
}


def files(**over):
    texts = {**SMALL, **{f"{name}.csv": SMALL[f"{name}.csv"] + text for name, text in over.items()}}
    return {name: text.encode() for name, text in texts.items()}


def taken(session, given, good_only=False):
    vendor = Vendor("Northwind")
    return import_crm(session, given, vendor=vendor, good_only=good_only, actor=SYSTEM, at=NOON)


def mine(kind):
    return select(func.count()).select_from(kind).where(kind.source == SOURCE)


def deal(session, source_id):
    return session.scalars(select(Opportunity).where(Opportunity.source_id == source_id)).one()


class TestSmall:
    def test_stages_dates_and_amounts_follow_the_export(self, session):
        taken(session, files())

        won, lost, open_, first = (deal(session, key) for key in "ABCD")
        assert [d.stage for d in (won, lost, open_, first)] == [
            Stage.LAUNCHED, Stage.CLOSED_LOST, Stage.QUALIFIED, Stage.PROSPECT,
        ]  # fmt: skip
        assert (won.amount_minor, won.close_on, won.owner_name) == (9_000, date(2017, 2, 1), "Ann")
        assert (open_.amount_minor, open_.account_id, open_.close_on) == (10_000, None, None)
        assert first.opened_at.date() == date(2017, 2, 1)

    def test_a_win_is_an_order_without_a_partner(self, session):
        taken(session, files())

        order = session.scalars(select(Order).where(Order.source == SOURCE)).one()
        assert (order.total_minor, order.booked_on) == (9_000, date(2017, 2, 1))
        assert order.fulfilled_by_id is None
        assert sum(line.amount_minor for line in queries.lines_of(session, order.id)) == 9_000

    def test_parents_stand_above_and_sectors_stay_as_given(self, session):
        taken(session, files())

        child = session.scalars(select(Account).where(Account.source_id == "Child")).one()
        parent = session.get(Account, child.parent_id)
        assert (parent.name, parent.country) == ("Parent", "US")
        assert (child.industry, child.country) == ("technolgy", None)

    def test_two_spellings_are_one_product(self, session):
        report = taken(session, files())

        assert session.scalar(select(func.count()).where(Product.code == "ZZ PRO")) == 1
        assert any("“ZZPro” was taken for “ZZ Pro”" in note for note in report.notes)
        prices = catalogue.current_prices(session, "USD", date(2017, 1, 1))
        assert [price.unit_minor for price in prices] == [10_000]

    def test_history_tells_when_it_was_engaged_and_closed(self, session):
        taken(session, files())

        moves = select(StageChange.to_stage).where(
            StageChange.opportunity_id == deal(session, "A").id
        )
        assert session.scalars(moves.order_by(StageChange.position)).all() == [
            Stage.QUALIFIED, Stage.LAUNCHED,
        ]  # fmt: skip

    def test_the_second_time_changes_nothing(self, session):
        taken(session, files())
        session.flush()
        entries = select(func.count()).select_from(LedgerEntry)
        before = session.scalar(entries), session.scalar(mine(Opportunity))

        report = taken(session, files())

        assert report.is_nothing_new
        assert (session.scalar(entries), session.scalar(mine(Opportunity))) == before

    def test_a_preview_writes_nothing_and_says_the_same(self, session):
        seen = preview_crm(session, files())

        assert session.scalar(mine(Opportunity)) == 0
        assert taken(session, files()) == seen

    def test_one_entry_stands_for_all_rows(self, session):
        report = taken(session, files())
        session.flush()

        entry = select(LedgerEntry.body).where(LedgerEntry.name == "revenue.import.finished")
        assert report.sha256 in str(session.scalars(entry).one())


TRAPS = [
    ("accounts", "Orphan,x,,Nobody\n", 4, "subsidiary_of"),
    ("accounts", "Parent,x,,\n", 4, "account"),
    ("accounts", "Short\n", 4, ""),
    ("products", "ZZPRO,ZZ,1\n", 3, "product"),
    ("products", "Other,ZZ,cheap\n", 3, "sales_price"),
    ("sales_pipeline", "A,Ann,ZZ Pro,,Engaging,2017-01-01,,\n", 6, "opportunity_id"),
    ("sales_pipeline", "E,Ann,Toaster,,Engaging,2017-01-01,,\n", 6, "product"),
    ("sales_pipeline", "E,Ann,ZZ Pro,Nobody,Engaging,2017-01-01,,\n", 6, "account"),
    ("sales_pipeline", "E,Zed,ZZ Pro,,Engaging,2017-01-01,,\n", 6, "sales_agent"),
    ("sales_pipeline", "E,Ann,ZZ Pro,,Dreaming,2017-01-01,,\n", 6, "deal_stage"),
    ("sales_pipeline", "E,Ann,ZZ Pro,,Engaging,01/02/2017,,\n", 6, "engage_date"),
    ("sales_pipeline", "E,Ann,ZZ Pro,Parent,Won,2017-01-01,,5\n", 6, "close_date"),
    ("sales_pipeline", "E,Ann,ZZ Pro,Parent,Won,2017-03-01,2017-01-01,5\n", 6, "close_date"),
    ("sales_pipeline", "E,Ann,ZZ Pro,Parent,Won,2017-01-01,2017-02-01,\n", 6, "close_value"),
    ("sales_pipeline", "E,Ann,ZZ Pro,Parent,Won,2017-01-01,2017-02-01,-5\n", 6, "close_value"),
    ("sales_pipeline", "E,Ann,ZZ Pro,,Won,2017-01-01,2017-02-01,5\n", 6, "account"),
    ("sales_pipeline", "E,Ann,ZZ Pro,\0,Engaging,2017-01-01,,\n", 6, "account"),
]


class TestTraps:
    @pytest.mark.parametrize(("file", "row", "line", "field"), TRAPS)
    def test_a_bad_row_is_named_by_file_line_and_field(self, session, file, row, line, field):
        report = preview_crm(session, files(**{file: row}))

        found = [(p.file, p.line, p.field) for p in report.problems]
        assert found == [(f"{file}.csv", line, field)]

    def test_is_taken_whole_or_not_at_all_unless_somebody_chose(self, session):
        given = files(sales_pipeline="E,Ann,Toaster,,Engaging,2017-01-01,,\n")

        with pytest.raises(HasBadRows):
            taken(session, given)
        assert session.scalar(mine(Opportunity)) == 0
        assert taken(session, given, good_only=True).new["opportunities"] == 4

    @pytest.mark.parametrize("name", FILES)
    def test_a_missing_or_strange_file_is_refused(self, session, name):
        given = files()
        with pytest.raises(FileRefused, match=name):
            preview_crm(session, {**given, name: b"%PDF-1.7"})
        with pytest.raises(FileRefused, match=name):
            preview_crm(session, {key: given[key] for key in given if key != name})


@real
class TestReal:
    @pytest.fixture
    def export(self):
        return {name: (FOLDER / name).read_bytes() for name in FILES}

    def test_reproduces_its_own_totals_and_changes_nothing_the_second_time(self, session, export):
        report = taken(session, export)

        assert report.new == {
            "accounts": 85, "products": 7, "opportunities": 8800, "orders": 4238,
        }  # fmt: skip
        assert report.problems == ()
        assert taken(session, export).is_nothing_new
        rungs = queries.ladder(session, start=date(2017, 1, 1), until=date(2018, 1, 1))
        assert sum(rung.booked_minor for rung in rungs) == 10_005_534_00
        stages = select(Opportunity.stage, func.count()).group_by(Opportunity.stage)
        assert dict(session.execute(stages).all()) == {
            Stage.LAUNCHED: 4238, Stage.CLOSED_LOST: 2473, Stage.QUALIFIED: 1589,
            Stage.PROSPECT: 500,
        }  # fmt: skip

    def test_names_its_dirt(self, session, export):
        notes = " ".join(preview_crm(session, export).notes)

        assert "1480 rows: “GTXPro” was taken for “GTX Pro”" in notes
        assert "1425 rows: an open deal names no account" in notes
        assert "“Philipines” names no country" in notes
        assert "500 rows: a prospect has no date; 2017-12-31" in notes
