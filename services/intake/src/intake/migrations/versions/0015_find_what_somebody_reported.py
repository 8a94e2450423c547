"""find what somebody reported"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

PERSON = sa.text("((report -> 'contact') ->> 'person')")


def upgrade() -> None:
    op.create_index("ix_reports_by_person", "reports", [PERSON])


def downgrade() -> None:
    op.drop_index("ix_reports_by_person", "reports")
