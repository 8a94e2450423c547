"""Whoever handed a case on has left it."""

from aftercare_events.migrations.reading_again import read_log_again

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Where a case stands follows from the same events by another rule: the log is read again.
    read_log_again()


def downgrade() -> None:
    """Nothing was made."""
