"""Loans wait for units that are alike; contracts say when a spare is lent."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("units", sa.Column("family", sa.Text(), nullable=True))
    op.create_table(
        "policies",
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("policy", "version"),
    )


def downgrade() -> None:
    op.drop_table("policies")
    op.drop_column("units", "family")
