"""keep who answers for a rank, and when"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recipients",
        sa.Column("recipient_id", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("entry", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("recipient_id"),
    )
    op.create_index("recipients_by_position", "recipients", ["position"], unique=False)
    op.create_table(
        "engineers",
        sa.Column("engineer_id", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("duty", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.PrimaryKeyConstraint("engineer_id"),
    )
    op.create_index("engineers_by_position", "engineers", ["position"], unique=False)


def downgrade() -> None:
    op.drop_index("engineers_by_position", table_name="engineers")
    op.drop_table("engineers")
    op.drop_index("recipients_by_position", table_name="recipients")
    op.drop_table("recipients")
