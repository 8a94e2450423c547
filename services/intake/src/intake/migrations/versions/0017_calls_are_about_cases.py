"""calls are about cases"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_calls_by_case", "calls", [sa.text("(entry ->> 'case_id')")])


def downgrade() -> None:
    op.drop_index("ix_calls_by_case", "calls")
