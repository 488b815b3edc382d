"""The conversation of each post, and what peers count."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "post_contexts",
        sa.Column("post_id", number, nullable=False),
        sa.Column("uri", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_post_contexts_post_id_posts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_post_contexts")),
    )
    for table, owner, names in (
        ("post_counts", "post", ("replies", "likes", "shares")),
        ("actor_counts", "actor", ("followers", "following", "posts")),
    ):
        op.create_table(
            table,
            sa.Column(f"{owner}_id", number, nullable=False),
            *(sa.Column(name, sa.Integer(), nullable=True) for name in names),
            sa.ForeignKeyConstraint(
                [f"{owner}_id"], [f"{owner}s.id"], name=op.f(f"fk_{table}_{owner}_id_{owner}s"), ondelete="CASCADE"
            ),
            sa.PrimaryKeyConstraint(f"{owner}_id", name=op.f(f"pk_{table}")),
        )
