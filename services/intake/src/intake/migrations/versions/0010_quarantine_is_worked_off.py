"""quarantine is worked off"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("arrivals", sa.Column("settled_at", sa.DateTime(timezone=True)))
    for name in ("settled_by", "dismissed_for", "sealed_for"):
        op.add_column("arrivals", sa.Column(name, sa.Text()))
    op.create_index("ix_arrivals_by_time", "arrivals", ["received_at", "arrival_id"])


def downgrade() -> None:
    op.drop_index("ix_arrivals_by_time", "arrivals")
    for name in ("sealed_for", "dismissed_for", "settled_by", "settled_at"):
        op.drop_column("arrivals", name)
