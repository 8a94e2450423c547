"""Engineers are chosen by weights, by what they have repaired, were given and were scored."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "worked_on",
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("engineer_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("device_id", "engineer_id"),
    )
    op.create_index("device_by_model", "devices", ["model"], unique=False)
    op.create_table(
        "given",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("engineer_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("position"),
    )
    op.create_index("given_by_time", "given", ["at"], unique=False)
    op.create_table(
        "scores",
        sa.Column("engineer_id", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("engineer_id", "position"),
    )
    op.create_index("score_by_position", "scores", ["position"], unique=False)
    op.create_table(
        "weights",
        sa.Column("weights_id", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("weights_id"),
    )


def downgrade() -> None:
    op.drop_table("weights")
    op.drop_table("scores")
    op.drop_table("given")
    op.drop_index("device_by_model", table_name="devices")
    op.drop_table("worked_on")
