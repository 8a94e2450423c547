"""Ways begin where people are."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "whereabouts",
        sa.Column("engineer_id", sa.Text(), nullable=False),
        sa.Column("site_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("engineer_id"),
    )
    op.create_index("whereabouts_by_time", "whereabouts", ["at"])


def downgrade() -> None:
    op.drop_index("whereabouts_by_time", "whereabouts")
    op.drop_table("whereabouts")
