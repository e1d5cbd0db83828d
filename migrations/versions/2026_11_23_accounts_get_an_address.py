"""Accounts get an address."""

import sqlalchemy as sa
from alembic import op

revision = "4cb3698c77f9"
down_revision = "5d2f0c8a41e7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "account", sa.Column("address", sa.String(length=160), server_default="", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("account", "address")
