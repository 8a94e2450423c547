"""find what was merged into a case"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    merged = sa.text("merged_into IS NOT NULL")
    op.create_index("ix_cases_merged", "cases", ["merged_into"], postgresql_where=merged)


def downgrade() -> None:
    op.drop_index("ix_cases_merged", "cases")
