"""use affected can change"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("use_affected", sa.Boolean()))
    # What was said at the report, as reading the log again would fill it in.
    op.execute(
        "UPDATE cases SET use_affected = (report ->> 'use_affected')::boolean"
        " FROM reports WHERE reports.case_id = cases.case_id"
    )


def downgrade() -> None:
    op.drop_column("cases", "use_affected")
