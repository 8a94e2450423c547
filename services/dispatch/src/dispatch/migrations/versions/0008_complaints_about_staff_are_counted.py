"""Complaints about staff are counted."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staff_complaints",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("case_id"),
    )
    op.create_index(
        "staff_complaint_by_customer", "staff_complaints", ["customer_id", "reported_at"]
    )


def downgrade() -> None:
    op.drop_index("staff_complaint_by_customer", "staff_complaints")
    op.drop_table("staff_complaints")
