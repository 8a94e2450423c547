"""cases are verified, compared with others, and split"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

HELD = sa.text("held_for IS NOT NULL AND ended IS NULL")
PROPOSED = sa.text("NOT dismissed")


def upgrade() -> None:
    op.add_column("cases", sa.Column("customer_id", sa.Text(), nullable=False, server_default=""))
    op.alter_column("cases", "customer_id", server_default=None)
    op.add_column("cases", sa.Column("held_for", sa.Text(), nullable=True))
    op.add_column("cases", sa.Column("excluded", sa.Text(), nullable=True))
    op.create_index("ix_cases_held", "cases", ["case_id"], postgresql_where=HELD)
    op.add_column("messages", sa.Column("split_into", sa.Text(), nullable=True))
    op.create_table(
        "duplicates",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("other", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("same", sa.Text(), nullable=False),
        sa.Column("dismissed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "other"),
    )
    op.create_index(op.f("ix_duplicates_other"), "duplicates", ["other"])
    op.create_index("ix_duplicates_proposed", "duplicates", ["case_id"], postgresql_where=PROPOSED)
    # The log is read once more, for what it already says of those who are held.
    op.execute("UPDATE checkpoint SET position = 0")


def downgrade() -> None:
    op.drop_table("duplicates")
    op.drop_column("messages", "split_into")
    op.drop_index("ix_cases_held", table_name="cases")
    for column in ("excluded", "held_for", "customer_id"):
        op.drop_column("cases", column)
