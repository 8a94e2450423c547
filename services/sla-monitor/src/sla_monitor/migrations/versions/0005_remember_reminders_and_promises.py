"""remember reminders and promises"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    op.add_column("alerts", sa.Column("promised_until", instant, nullable=True))
    op.add_column(
        "alerts", sa.Column("reminders", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column("alerts", sa.Column("reminded", sa.Text(), nullable=True))
    op.add_column("alerts", sa.Column("reminded_at", instant, nullable=True))


def downgrade() -> None:
    for column in ("reminded_at", "reminded", "reminders", "promised_until"):
        op.drop_column("alerts", column)
