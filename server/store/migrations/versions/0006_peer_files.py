"""Copies of peers' files."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the new table."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "peer_files",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("shape", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("file_key", sa.Text(), nullable=True),
        sa.Column("small_key", sa.Text(), nullable=True),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("fetched_at", number, nullable=False),
        sa.Column("used_at", number, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("retry_at", number, nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("url", "shape", name=op.f("pk_peer_files")),
    )
    op.create_index("ix_peer_files_age", "peer_files", ["used_at", "bytes"], unique=False)
    op.create_index(op.f("ix_peer_files_file_key"), "peer_files", ["file_key"], unique=False)
    op.create_index(op.f("ix_peer_files_small_key"), "peer_files", ["small_key"], unique=False)
    op.create_index("ix_peer_files_kept", "peer_files", ["host", "bytes"], sqlite_where=sa.text("file_key IS NOT NULL"))


def downgrade() -> None:
    """Drop it; the copies' files are orphans then."""
    op.drop_table("peer_files")
