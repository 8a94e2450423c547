"""who is called back, and what calls are counted by"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("calls", sa.Column("direction", sa.Text(), nullable=True))
    op.add_column("calls", sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("calls", sa.Column("customer_id", sa.Text(), nullable=True))
    op.add_column("calls", sa.Column("known_by", sa.Text(), nullable=True))
    op.execute(
        "UPDATE calls SET direction = entry->>'direction', customer_id = entry->>'customer_id',"
        " answered_at = (entry->>'answered_at')::timestamptz"
    )
    op.alter_column("calls", "direction", nullable=False)
    op.create_index("ix_calls_of_customer", "calls", ["customer_id", "started_at"])
    op.create_index("ix_calls_by_number", "calls", ["known_by", "started_at"])
    op.create_table(
        "return_calls",
        sa.Column("return_call_id", sa.Text(), nullable=False),
        sa.Column("known_by", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_call_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_outcome", sa.Text(), nullable=True),
        sa.Column("reached_by", sa.Text(), nullable=True),
        sa.Column("ended", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("return_call_id"),
    )
    op.create_index("ix_return_calls_by_number", "return_calls", ["known_by", "since"])
    op.create_index(
        "ix_return_calls_waiting",
        "return_calls",
        ["due_at"],
        postgresql_where=sa.text("ended IS NULL"),
    )
