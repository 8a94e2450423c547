"""devices have a history"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table, key, column in (
        ("case_facts", "case_id", "what"),
        ("device_versions", "device_id", "customer_id"),
    ):
        op.create_table(
            table,
            sa.Column(key, sa.Text(), nullable=False),
            sa.Column("position", sa.BigInteger(), nullable=False),
            sa.Column("at", sa.DateTime(timezone=True), nullable=False),
            sa.Column(column, sa.Text(), nullable=False),
            sa.Column("entry", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
            sa.PrimaryKeyConstraint(key, "position"),
        )
    op.add_column("case_facts", sa.Column("device_id", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_table("device_versions")
    op.drop_table("case_facts")
