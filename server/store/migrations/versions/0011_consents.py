"""What is asked of the authors of posts, what they said, and who need not ask."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables, and let everybody answer, as it was."""
    op.add_column("preferences", sa.Column("reply_policy", sa.Text(), nullable=False, server_default="public"))
    op.add_column("quotes", sa.Column("stamp_uri", sa.Text(), nullable=True))
    op.create_table(
        "interaction_policies",
        sa.Column("post_id", _ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("automatic", sa.Text(), nullable=False),
        sa.Column("manual", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_interaction_policies_post_id_posts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "kind", name=op.f("pk_interaction_policies")),
    )
    op.create_table(
        "consents",
        sa.Column("id", _ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("asker_id", _ID, nullable=False),
        sa.Column("asked_id", _ID, nullable=False),
        sa.Column("post_id", _ID, nullable=False),
        sa.Column("interacting_uri", sa.Text(), nullable=False),
        sa.Column("request_uri", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("stamp_uri", sa.Text(), nullable=True),
        sa.Column("wanted", sa.Text(), nullable=True),
        sa.Column("created_at", _ID, nullable=False),
        sa.ForeignKeyConstraint(["asker_id"], ["actors.id"], name=op.f("fk_consents_asker_id_actors")),
        sa.ForeignKeyConstraint(["asked_id"], ["actors.id"], name=op.f("fk_consents_asked_id_actors")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_consents_post_id_posts"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
        sa.UniqueConstraint(
            "interacting_uri", "kind", "post_id", name=op.f("uq_consents_interacting_uri_kind_post_id")
        ),
    )
    op.create_index(op.f("ix_consents_post_id"), "consents", ["post_id"])
    op.create_index("ix_consents_request", "consents", ["request_uri"], sqlite_where=sa.text("request_uri IS NOT NULL"))
    op.create_index("ix_consents_stamp", "consents", ["stamp_uri"], sqlite_where=sa.text("stamp_uri IS NOT NULL"))
    op.create_index("ix_consents_pending", "consents", ["asked_id", "id"], sqlite_where=sa.text("state = 'pending'"))


def downgrade() -> None:
    """Forget it."""
    op.drop_table("consents")
    op.drop_table("interaction_policies")
    op.drop_column("quotes", "stamp_uri")
    op.drop_column("preferences", "reply_policy")
