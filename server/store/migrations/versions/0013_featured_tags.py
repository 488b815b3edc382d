"""Where peers list the hashtags of their profiles."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column."""
    op.add_column("actors", sa.Column("featured_tags_uri", sa.Text(), nullable=True))
