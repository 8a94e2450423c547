"""Cases know the spares that are lent for them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# What an upgrade must not empty: where it stands itself, and where the projection begins.
KEPT = ("alembic_version", "checkpoint")


def upgrade() -> None:
    # What the log already says of loans is folded too: it is read again from its beginning.
    names = sa.inspect(op.get_bind()).get_table_names()
    op.execute(f"TRUNCATE {', '.join(name for name in names if name not in KEPT)}")
    op.execute("UPDATE checkpoint SET position = 0")


def downgrade() -> None:
    """Nothing was made."""
