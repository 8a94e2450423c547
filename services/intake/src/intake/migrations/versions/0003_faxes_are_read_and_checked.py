"""faxes are read and checked; serial numbers are found as they are misread"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "faxes",
        sa.Column("fax_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("received", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("failed", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("fax_id"),
    )
    op.create_index(
        "ix_faxes_to_check", "faxes", ["checked_at", "received_at", "fax_id"], unique=False
    )
    op.add_column("devices", sa.Column("likeness", sa.Text(), nullable=True))
    op.create_index(op.f("ix_devices_likeness"), "devices", ["likeness"], unique=False)
    # The log is read once more, for what it already says of faxes and serial numbers.
    op.execute("UPDATE checkpoint SET position = 0")


def downgrade() -> None:
    op.drop_index(op.f("ix_devices_likeness"), table_name="devices")
    op.drop_column("devices", "likeness")
    op.drop_index("ix_faxes_to_check", table_name="faxes")
    op.drop_table("faxes")
