"""Emoji given to posts."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the new table."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "emoji_reactions",
        sa.Column("id", number, nullable=False),
        sa.Column("actor_id", number, nullable=False),
        sa.Column("post_id", number, nullable=False),
        sa.Column("emoji", sa.Text(), nullable=False),
        sa.Column("icon_url", sa.Text(), nullable=True),
        sa.Column("uri", sa.Text(), nullable=False),
        sa.Column("created_at", number, nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actors.id"], name=op.f("fk_emoji_reactions_actor_id_actors")),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_emoji_reactions_post_id_posts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emoji_reactions")),
        sa.UniqueConstraint("actor_id", "post_id", "emoji", name=op.f("uq_emoji_reactions_actor_id_post_id_emoji")),
    )
    op.create_index(op.f("ix_emoji_reactions_uri"), "emoji_reactions", ["uri"], unique=False)
    op.create_index("ix_emoji_reactions_of_post", "emoji_reactions", ["post_id", "id"], unique=False)
