"""Loans follow cases that were withdrawn or merged."""

from aftercare_events.migrations.reading_again import read_log_again

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # For what the log already says of them: it is read again from its beginning.
    read_log_again()


def downgrade() -> None:
    """Nothing was made."""
