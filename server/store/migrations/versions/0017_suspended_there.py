"""When a peer's own server was first seen to have suspended it."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("actors", sa.Column("suspended_there_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite")))


def downgrade() -> None:
    """Forget when it was."""
    op.drop_column("actors", "suspended_there_at")
