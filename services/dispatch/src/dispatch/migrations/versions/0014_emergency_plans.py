"""Emergency plans are kept per customer and device."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plans",
        sa.Column("plan_id", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("plan_id"),
    )
    op.create_index("plan_by_customer", "plans", ["customer_id", "plan_id"], unique=False)


def downgrade() -> None:
    op.drop_index("plan_by_customer", table_name="plans")
    op.drop_table("plans")
