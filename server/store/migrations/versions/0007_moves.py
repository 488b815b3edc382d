"""When somebody last moved, so that nobody does so again and again."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("actors", sa.Column("moved_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite")))


def downgrade() -> None:
    """Forget when it was."""
    op.drop_column("actors", "moved_at")
