"""Statistics for the planner copy values of a column to where no erasure finds them."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE vault.person_keys ALTER COLUMN key SET STATISTICS 0")


def downgrade() -> None:
    op.execute("ALTER TABLE vault.person_keys ALTER COLUMN key SET STATISTICS -1")
