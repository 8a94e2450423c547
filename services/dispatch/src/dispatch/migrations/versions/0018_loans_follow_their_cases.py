"""Loans follow cases that were withdrawn or merged."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

# What an upgrade must not empty: where it stands itself, and where the projection begins.
KEPT = ("alembic_version", "checkpoint")


def upgrade() -> None:
    # For what the log already says of them: it is read again from its beginning.
    names = sa.inspect(op.get_bind()).get_table_names()
    op.execute(f"TRUNCATE {', '.join(name for name in names if name not in KEPT)}")
    op.execute("UPDATE checkpoint SET position = 0")


def downgrade() -> None:
    """Nothing was made."""
