"""Waiting cases go by the time left to the next promise."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "case_wanted_by_due",
        "cases",
        ["due_at", "reported_at", "case_id"],
        postgresql_where=sa.text("is_wanted"),
    )


def downgrade() -> None:
    op.drop_index("case_wanted_by_due", table_name="cases")
    op.drop_column("cases", "due_at")
