"""Sites have an address: the engineer goes there."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sites", sa.Column("address", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("sites", "address")
