"""Create the tables."""

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
        sa.Column("callback_id", sa.Text(), nullable=False),
        sa.Column("engineer_id", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("technical_skill", sa.SmallInteger(), nullable=True),
        sa.Column("attitude", sa.SmallInteger(), nullable=True),
        sa.Column("timeliness", sa.SmallInteger(), nullable=True),
        sa.Column(
            "suggestions", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.PrimaryKeyConstraint("callback_id"),
    )
    op.create_index("answers_about_engineer", "answers", ["engineer_id"], unique=False)
    op.create_table(
        "attempts",
        sa.Column("callback_id", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("officer_id", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "note", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.PrimaryKeyConstraint("callback_id", "attempt"),
    )
    op.create_table(
        "callback_rules",
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("technical_barred", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("policy", "version"),
    )
    op.create_table(
        "callbacks",
        sa.Column("callback_id", sa.Text(), nullable=False),
        sa.Column("state", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("callback_id"),
    )
    op.create_index(
        "callbacks_by_due", "callbacks", ["status", "due_at", "callback_id"], unique=False
    )
    op.create_index("callbacks_of_case", "callbacks", ["case_id"], unique=False)
    op.create_table(
        "cases",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("state", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("case_id"),
    )
    op.create_table(
        "checkpoint",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "corrective_actions",
        sa.Column("corrective_action_id", sa.Text(), nullable=False),
        sa.Column("state", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("corrective_action_id"),
    )
    op.create_index(
        "corrective_actions_by_age",
        "corrective_actions",
        ["status", "opened_at", "corrective_action_id"],
        unique=False,
    )
    op.create_table(
        "engineers",
        sa.Column("engineer_id", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("engineer_id"),
    )
    op.create_table(
        "officers",
        sa.Column("officer_id", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column(
            "name", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("officer_id"),
    )
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


def downgrade() -> None:
    op.drop_index("todo_next", table_name="todo")
    op.drop_table("todo")
    op.drop_table("poison")
    op.drop_table("officers")
    op.drop_table("engineers")
    op.drop_index("corrective_actions_by_age", table_name="corrective_actions")
    op.drop_table("corrective_actions")
    op.drop_table("checkpoint")
    op.drop_table("cases")
    op.drop_index("callbacks_of_case", table_name="callbacks")
    op.drop_index("callbacks_by_due", table_name="callbacks")
    op.drop_table("callbacks")
    op.drop_table("callback_rules")
    op.drop_table("attempts")
    op.drop_index("answers_about_engineer", table_name="answers")
    op.drop_table("answers")
