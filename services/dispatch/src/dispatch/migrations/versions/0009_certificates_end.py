"""Whose certificate ends before a day is found without reading everybody."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("engineers", sa.Column("certificate_ends_on", sa.Date(), nullable=True))
    op.create_index("engineer_by_certificate", "engineers", ["certificate_ends_on"])


def downgrade() -> None:
    op.drop_index("engineer_by_certificate", "engineers")
    op.drop_column("engineers", "certificate_ends_on")
