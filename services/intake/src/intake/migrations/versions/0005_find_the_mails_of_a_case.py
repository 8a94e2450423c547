"""find the mails of a case"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_arrivals_of_case", "arrivals", ["case_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_arrivals_of_case", table_name="arrivals")
