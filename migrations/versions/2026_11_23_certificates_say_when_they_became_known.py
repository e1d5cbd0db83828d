"""Certificates say when they became known."""

import sqlalchemy as sa
from alembic import op

revision = "5d2f0c8a41e7"
down_revision = "1c667675590b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "certificate", sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.execute(
        "UPDATE certificate SET recorded_at = coalesce("
        "(SELECT min(entry.at) FROM ledger_entry entry WHERE entry.subject_type = 'certificate'"
        " AND entry.subject_id = certificate.id AND entry.name = 'enablement.certificate.awarded'),"
        " awarded_on::timestamp AT TIME ZONE 'UTC')"
    )
    op.alter_column("certificate", "recorded_at", nullable=False)


def downgrade() -> None:
    op.drop_column("certificate", "recorded_at")
