"""An index of those whom an operator restrained."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make it."""
    marked = sa.text("(suspended_at IS NOT NULL OR silenced_at IS NOT NULL)")
    op.create_index("ix_actors_marked", "actors", ["id"], unique=False, sqlite_where=marked)


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_actors_marked", "actors")
