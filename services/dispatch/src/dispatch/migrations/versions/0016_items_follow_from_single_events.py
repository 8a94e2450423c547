"""Items follow from single events."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Items that were looked at stay now, and name the event they follow from: the log is read
    # again from its beginning.
    op.execute(
        "TRUNCATE cases, engineers, units, loans, incidents, covers, faults, depots, safety_stock, "
        "contracts, customers, sites, devices, warranty, guarantees, policies, calendars, "
        "rejections, staff_complaints, worked_on, whereabouts, given, scores, weights, "
        "partners, plans, answers, todo, poison"
    )
    op.execute("UPDATE checkpoint SET position = 0")


def downgrade() -> None:
    """Nothing was made."""
