"""Custom emoji, ours and those of peers."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "custom_emojis",
        sa.Column("id", number, nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("icon_url", sa.Text(), nullable=True),
        sa.Column("file_key", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("updated_at", number, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custom_emojis")),
        sa.UniqueConstraint("host", "name", name=op.f("uq_custom_emojis_host_name")),
    )
    filed = sa.text("file_key IS NOT NULL")
    op.create_index(
        "ix_custom_emojis_file",
        "custom_emojis",
        ["file_key"],
        unique=False,
        sqlite_where=filed,
        postgresql_where=filed,
    )
