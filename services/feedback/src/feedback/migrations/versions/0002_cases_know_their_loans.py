"""Cases know the spares that are lent for them."""

from aftercare_events.migrations.reading_again import read_log_again

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What the log already says of loans is folded too: it is read again from its beginning.
    read_log_again()


def downgrade() -> None:
    """Nothing was made."""
