"""keep what figures need: outages, devices, contracts, losses, and the breach of a penalty"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "losses",
        sa.Column("loss_id", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("contract_id", sa.Text(), nullable=True),
        sa.Column("customer_id", sa.Text(), nullable=True),
        sa.Column("amount", sa.Numeric(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("claimed_by", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("loss_id"),
    )
    op.create_index("losses_of_case", "losses", ["case_id"])
    op.create_index("losses_of_contract", "losses", ["contract_id"])
    op.create_table(
        "outages",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("cycle", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("responded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("restored_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("case_id", "cycle"),
    )
    op.create_index("outages_of_customer", "outages", ["customer_id", "began_at"])
    op.create_index("outages_of_device", "outages", ["device_id", "began_at"])
    op.create_table(
        "devices",
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("site_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("device_id"),
    )
    op.create_index("devices_of_customer", "devices", ["customer_id"])
    op.create_index("devices_of_site", "devices", ["site_id"])
    op.create_table(
        "contracts",
        sa.Column("contract_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("price", sa.Numeric(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("contract_id"),
    )
    op.add_column("cases", sa.Column("contract_id", sa.Text(), nullable=True))
    op.add_column("cases", sa.Column("first_due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("cases", sa.Column("last_due_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("cases_last_due_at", "cases", ["last_due_at"])
    op.add_column("penalties", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("penalties", sa.Column("breached_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("penalties", sa.Column("policy", sa.Text(), nullable=True))
    op.add_column("penalties", sa.Column("policy_version", sa.Integer(), nullable=True))
    op.create_index("penalties_of_contract", "penalties", ["contract_id", "position"])
    # What the new tables hold stands in the log: it is read again from its beginning.
    op.execute(
        "TRUNCATE cases, alerts, penalties, policies, customers, recipients, engineers,"
        " todo, poison"
    )
    op.execute("UPDATE checkpoint SET position = 0")


def downgrade() -> None:
    op.drop_index("penalties_of_contract", table_name="penalties")
    for column in ("policy_version", "policy", "breached_at", "due_at"):
        op.drop_column("penalties", column)
    op.drop_index("cases_last_due_at", table_name="cases")
    for column in ("last_due_at", "first_due_at", "contract_id"):
        op.drop_column("cases", column)
    for table in ("contracts", "devices", "outages", "losses"):
        op.drop_table(table)
