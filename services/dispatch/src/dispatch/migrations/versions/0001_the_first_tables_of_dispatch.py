"""The first tables of dispatch."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answers",
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("body_digest", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("identity"),
    )
    op.create_table(
        "cases",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("is_wanted", sa.Boolean(), nullable=False),
        sa.Column("is_overdue", sa.Boolean(), nullable=False),
        sa.Column("engineer_id", sa.Text(), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("case_id"),
    )
    op.create_index("case_by_age", "cases", ["reported_at", "case_id"], unique=False)
    op.create_index(
        "case_by_engineer", "cases", ["engineer_id", "reported_at", "case_id"], unique=False
    )
    op.create_index("case_by_status", "cases", ["status", "reported_at", "case_id"], unique=False)
    op.create_index(
        "case_open_by_engineer",
        "cases",
        ["engineer_id"],
        unique=False,
        postgresql_where=sa.text("is_open AND engineer_id IS NOT NULL"),
    )
    op.create_index(
        "case_overdue",
        "cases",
        ["reported_at", "case_id"],
        unique=False,
        postgresql_where="is_overdue",
    )
    op.create_index(
        "case_wanted",
        "cases",
        ["reported_at", "case_id"],
        unique=False,
        postgresql_where="is_wanted",
    )
    op.create_table(
        "checkpoint",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "customers",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("customer_id"),
    )
    op.create_table(
        "depots",
        sa.Column("depot_id", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("district", sa.Text(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("depot_id"),
    )
    op.create_table(
        "devices",
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("grade", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("device_id"),
    )
    op.create_table(
        "engineers",
        sa.Column("engineer_id", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("engineer_id"),
    )
    op.create_index("engineer_by_position", "engineers", ["position"], unique=False)
    op.create_table(
        "loans",
        sa.Column("loan_id", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=True),
        sa.Column("unit_id", sa.Text(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("loan_id"),
    )
    op.create_index("loan_by_case", "loans", ["case_id"], unique=False)
    op.create_index("loan_by_stage", "loans", ["stage", "loan_id"], unique=False)
    op.create_table(
        "poison",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_aside_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("position"),
    )
    op.create_table(
        "rejections",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("engineer_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "engineer_id"),
    )
    op.create_table(
        "sites",
        sa.Column("site_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("site_id"),
    )
    op.create_table(
        "todo",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column(
            "payload", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False
        ),
        sa.PrimaryKeyConstraint("kind", "key"),
    )
    op.create_index("todo_next", "todo", ["kind", "not_before"], unique=False)
    op.create_table(
        "units",
        sa.Column("unit_id", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("depot_id", sa.Text(), nullable=True),
        sa.Column("model", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("grade", sa.Integer(), nullable=True),
        sa.Column("is_free", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id"),
    )
    op.create_index(
        "unit_free", "units", ["category", "model"], unique=False, postgresql_where="is_free"
    )


def downgrade() -> None:
    op.drop_index("unit_free", table_name="units", postgresql_where="is_free")
    op.drop_table("units")
    op.drop_index("todo_next", table_name="todo")
    op.drop_table("todo")
    op.drop_table("sites")
    op.drop_table("rejections")
    op.drop_table("poison")
    op.drop_index("loan_by_stage", table_name="loans")
    op.drop_index("loan_by_case", table_name="loans")
    op.drop_table("loans")
    op.drop_index("engineer_by_position", table_name="engineers")
    op.drop_table("engineers")
    op.drop_table("devices")
    op.drop_table("depots")
    op.drop_table("customers")
    op.drop_table("checkpoint")
    op.drop_index("case_wanted", table_name="cases", postgresql_where="is_wanted")
    op.drop_index("case_overdue", table_name="cases", postgresql_where="is_overdue")
    op.drop_index(
        "case_open_by_engineer",
        table_name="cases",
        postgresql_where=sa.text("is_open AND engineer_id IS NOT NULL"),
    )
    op.drop_index("case_by_status", table_name="cases")
    op.drop_index("case_by_engineer", table_name="cases")
    op.drop_index("case_by_age", table_name="cases")
    op.drop_table("cases")
    op.drop_table("answers")
