"""Somebody has to be there."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contracts", sa.Column("resident_engineer_id", sa.Text(), nullable=True))
    op.create_table(
        "covers",
        sa.Column("cover_id", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("cover_id"),
    )


def downgrade() -> None:
    op.drop_table("covers")
    op.drop_column("contracts", "resident_engineer_id")
