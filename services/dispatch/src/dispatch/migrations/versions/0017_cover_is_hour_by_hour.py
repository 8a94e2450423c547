"""Cover is watched hour by hour, and through trial operation."""

import sqlalchemy as sa
from alembic import op

from aftercare_events.migrations.reading_again import read_log_again

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # For what it already says of contracts and installations.
    read_log_again()
    for column in ("policy", "policy_options"):
        op.add_column("contracts", sa.Column(column, sa.Text(), nullable=False))
    op.add_column("contracts", sa.Column("policy_version", sa.Integer(), nullable=True))
    op.add_column("contracts", sa.Column("trial_starts_on", sa.Date(), nullable=True))
    op.add_column("contracts", sa.Column("trial_ends_on", sa.Date(), nullable=True))
    op.create_table(
        "installations",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("contract_id", sa.Text(), nullable=True),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("case_id"),
    )
    op.create_index("installation_by_contract", "installations", ["contract_id"])


def downgrade() -> None:
    op.drop_index("installation_by_contract", table_name="installations")
    op.drop_table("installations")
    for column in (
        "trial_ends_on",
        "trial_starts_on",
        "policy_version",
        "policy_options",
        "policy",
    ):
        op.drop_column("contracts", column)
