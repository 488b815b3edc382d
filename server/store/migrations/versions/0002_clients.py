"""Clients, timelines and everything that the client APIs keep."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the new tables and columns."""
    op.create_table(
        "app_tokens",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("expires_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_app_tokens")),
    )
    op.create_index(op.f("ix_app_tokens_client_id"), "app_tokens", ["client_id"], unique=False)
    op.create_index(op.f("ix_app_tokens_expires_at"), "app_tokens", ["expires_at"], unique=False)
    op.create_table(
        "feed_entries",
        sa.Column("kind", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column(
            "entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("kind", "owner_id", "entry_id", name=op.f("pk_feed_entries")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_feed_entries_post", "feed_entries", ["post_id", "kind", "owner_id"], unique=False)
    op.create_table(
        "oauth_clients",
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("website", sa.Text(), nullable=True),
        sa.Column("secret_hash", sa.Text(), nullable=True),
        sa.Column("redirect_uris", sa.Text(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("grant_types", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fetched_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("used_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.PrimaryKeyConstraint("client_id", name=op.f("pk_oauth_clients")),
    )
    op.create_index(op.f("ix_oauth_clients_used_at"), "oauth_clients", ["used_at"], unique=False)
    op.create_table(
        "spent_challenges",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_spent_challenges")),
    )
    op.create_index(op.f("ix_spent_challenges_expires_at"), "spent_challenges", ["expires_at"], unique=False)
    op.create_table(
        "stream_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("places", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stream_events")),
    )
    op.create_table(
        "collections",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uri", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ordered", sa.Boolean(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.Column("to_uris", sa.Text(), nullable=False),
        sa.Column("cc_uris", sa.Text(), nullable=False),
        sa.Column("blind_uris", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("updated_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("deleted_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["actors.id"], name=op.f("fk_collections_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collections")),
        sa.UniqueConstraint("uri", name=op.f("uq_collections_uri")),
    )
    op.create_index(op.f("ix_collections_actor_id"), "collections", ["actor_id"], unique=False)
    op.create_table(
        "conversations",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("thread_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("participants", sa.Text(), nullable=False),
        sa.Column("last_post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unread", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actors.id"], name=op.f("fk_conversations_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
        sa.UniqueConstraint(
            "actor_id", "thread_id", "participants", name=op.f("uq_conversations_actor_id_thread_id_participants")
        ),
    )
    op.create_index("ix_conversations_of_actor", "conversations", ["actor_id", "last_post_id"], unique=False)
    op.create_table(
        "dismissed_suggestions",
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("target_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actors.id"], name=op.f("fk_dismissed_suggestions_actor_id")),
        sa.ForeignKeyConstraint(["target_id"], ["actors.id"], name=op.f("fk_dismissed_suggestions_target_id")),
        sa.PrimaryKeyConstraint("actor_id", "target_id", name=op.f("pk_dismissed_suggestions")),
    )
    op.create_table(
        "domain_blocks",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actors.id"], name=op.f("fk_domain_blocks_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_domain_blocks")),
        sa.UniqueConstraint("actor_id", "host", name=op.f("uq_domain_blocks_actor_id_host")),
    )
    op.create_table(
        "endorsements",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("target_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actors.id"], name=op.f("fk_endorsements_actor_id")),
        sa.ForeignKeyConstraint(["target_id"], ["actors.id"], name=op.f("fk_endorsements_target_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endorsements")),
        sa.UniqueConstraint("actor_id", "target_id", name=op.f("uq_endorsements_actor_id_target_id")),
    )
    op.create_table(
        "featured_tags",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actors.id"], name=op.f("fk_featured_tags_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_featured_tags")),
        sa.UniqueConstraint("actor_id", "name", name=op.f("uq_featured_tags_actor_id_name")),
    )
    op.create_table(
        "filters",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("contexts", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actors.id"], name=op.f("fk_filters_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filters")),
    )
    op.create_index(op.f("ix_filters_actor_id"), "filters", ["actor_id"], unique=False)
    op.create_table(
        "followed_tags",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actors.id"], name=op.f("fk_followed_tags_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_followed_tags")),
        sa.UniqueConstraint("actor_id", "name", name=op.f("uq_followed_tags_actor_id_name")),
    )
    op.create_index(op.f("ix_followed_tags_name"), "followed_tags", ["name"], unique=False)
    op.create_table(
        "idempotency_keys",
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("made_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actors.id"], name=op.f("fk_idempotency_keys_actor_id")),
        sa.PrimaryKeyConstraint("actor_id", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index(op.f("ix_idempotency_keys_created_at"), "idempotency_keys", ["created_at"], unique=False)
    op.create_table(
        "inbox_entries",
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("activity_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_inbox_entries_activity_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["actors.id"], name=op.f("fk_inbox_entries_actor_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("actor_id", "id", name=op.f("pk_inbox_entries")),
        sa.UniqueConstraint("actor_id", "activity_id", name=op.f("uq_inbox_entries_actor_id_activity_id")),
    )
    op.create_index(op.f("ix_inbox_entries_activity_id"), "inbox_entries", ["activity_id"], unique=False)
    op.create_table(
        "lists",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("replies_policy", sa.Text(), nullable=False),
        sa.Column("exclusive", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actors.id"], name=op.f("fk_lists_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lists")),
    )
    op.create_index(op.f("ix_lists_actor_id"), "lists", ["actor_id"], unique=False)
    op.create_table(
        "markers",
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("timeline", sa.Text(), nullable=False),
        sa.Column("last_read_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actors.id"], name=op.f("fk_markers_actor_id")),
        sa.PrimaryKeyConstraint("actor_id", "timeline", name=op.f("pk_markers")),
    )
    op.create_table(
        "muted_threads",
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("root_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actors.id"], name=op.f("fk_muted_threads_actor_id")),
        sa.PrimaryKeyConstraint("actor_id", "root_id", name=op.f("pk_muted_threads")),
    )
    op.create_table(
        "mutes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("target_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hides_notifications", sa.Boolean(), nullable=False),
        sa.Column("expires_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actors.id"], name=op.f("fk_mutes_actor_id")),
        sa.ForeignKeyConstraint(["target_id"], ["actors.id"], name=op.f("fk_mutes_target_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mutes")),
        sa.UniqueConstraint("actor_id", "target_id", name=op.f("uq_mutes_actor_id_target_id")),
    )
    op.create_index(op.f("ix_mutes_expires_at"), "mutes", ["expires_at"], unique=False)
    op.create_table(
        "notification_permissions",
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("from_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actors.id"], name=op.f("fk_notification_permissions_actor_id")),
        sa.ForeignKeyConstraint(["from_id"], ["actors.id"], name=op.f("fk_notification_permissions_from_id")),
        sa.PrimaryKeyConstraint("actor_id", "from_id", name=op.f("pk_notification_permissions")),
    )
    op.create_table(
        "notification_policies",
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("for_not_following", sa.Text(), nullable=False),
        sa.Column("for_not_followers", sa.Text(), nullable=False),
        sa.Column("for_new_accounts", sa.Text(), nullable=False),
        sa.Column("for_private_mentions", sa.Text(), nullable=False),
        sa.Column("for_limited_accounts", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actors.id"], name=op.f("fk_notification_policies_actor_id")),
        sa.PrimaryKeyConstraint("actor_id", name=op.f("pk_notification_policies")),
    )
    op.create_table(
        "notification_requests",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("from_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("last_post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("updated_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actors.id"], name=op.f("fk_notification_requests_actor_id")),
        sa.ForeignKeyConstraint(["from_id"], ["actors.id"], name=op.f("fk_notification_requests_from_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification_requests")),
        sa.UniqueConstraint("actor_id", "from_id", name=op.f("uq_notification_requests_actor_id_from_id")),
    )
    op.create_index("ix_notification_requests_of_actor", "notification_requests", ["actor_id", "id"], unique=False)
    op.create_table(
        "preferences",
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("visibility", sa.Text(), nullable=True),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("quote_policy", sa.Text(), nullable=False),
        sa.Column("expand_media", sa.Text(), nullable=False),
        sa.Column("expand_spoilers", sa.Boolean(), nullable=False),
        sa.Column("autoplay_gifs", sa.Boolean(), nullable=False),
        sa.Column("paint_word", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("attribution_domains", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actors.id"], name=op.f("fk_preferences_actor_id")),
        sa.PrimaryKeyConstraint("actor_id", name=op.f("pk_preferences")),
    )
    op.create_table(
        "private_notes",
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("target_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actors.id"], name=op.f("fk_private_notes_actor_id")),
        sa.ForeignKeyConstraint(["target_id"], ["actors.id"], name=op.f("fk_private_notes_target_id")),
        sa.PrimaryKeyConstraint("actor_id", "target_id", name=op.f("pk_private_notes")),
    )
    op.create_table(
        "promised_posts",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("activity_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("in_reply_to_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actors.id"], name=op.f("fk_promised_posts_actor_id")),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_promised_posts")),
        sa.UniqueConstraint("activity_id", name=op.f("uq_promised_posts_activity_id")),
    )
    op.create_index(op.f("ix_promised_posts_actor_id"), "promised_posts", ["actor_id"], unique=False)
    op.create_index(op.f("ix_promised_posts_created_at"), "promised_posts", ["created_at"], unique=False)
    op.create_table(
        "push_subscriptions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("sealed_token", sa.Text(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("p256dh", sa.Text(), nullable=False),
        sa.Column("auth", sa.Text(), nullable=False),
        sa.Column("standard", sa.Boolean(), nullable=False),
        sa.Column("alerts", sa.Text(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actors.id"], name=op.f("fk_push_subscriptions_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_subscriptions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_push_subscriptions_token_hash")),
    )
    op.create_index(op.f("ix_push_subscriptions_actor_id"), "push_subscriptions", ["actor_id"], unique=False)
    op.create_table(
        "reports",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("target_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("post_ids", sa.Text(), nullable=False),
        sa.Column("rule_ids", sa.Text(), nullable=False),
        sa.Column("forwarded", sa.Boolean(), nullable=False),
        sa.Column("uri", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("resolved_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["actors.id"], name=op.f("fk_reports_actor_id")),
        sa.ForeignKeyConstraint(["target_id"], ["actors.id"], name=op.f("fk_reports_target_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
    )
    op.create_index(op.f("ix_reports_actor_id"), "reports", ["actor_id"], unique=False)
    op.create_index(op.f("ix_reports_target_id"), "reports", ["target_id"], unique=False)
    op.create_index(op.f("ix_reports_uri"), "reports", ["uri"], unique=False)
    op.create_table(
        "scheduled_posts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("due_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("wish", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actors.id"], name=op.f("fk_scheduled_posts_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduled_posts")),
    )
    op.create_index("ix_scheduled_posts_of_actor", "scheduled_posts", ["actor_id", "id"], unique=False)
    op.create_table(
        "authenticators",
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sealed_secret", sa.Text(), nullable=False),
        sa.Column("confirmed_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("last_step", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["accounts.actor_id"], name=op.f("fk_authenticators_actor_id")),
        sa.PrimaryKeyConstraint("actor_id", name=op.f("pk_authenticators")),
    )
    op.create_table(
        "bookmarks",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actors.id"], name=op.f("fk_bookmarks_actor_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_bookmarks_post_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bookmarks")),
        sa.UniqueConstraint("actor_id", "post_id", name=op.f("uq_bookmarks_actor_id_post_id")),
    )
    op.create_index("ix_bookmarks_of_actor", "bookmarks", ["actor_id", "id"], unique=False)
    op.create_index(op.f("ix_bookmarks_post_id"), "bookmarks", ["post_id"], unique=False)
    op.create_table(
        "collection_items",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("collection_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("object_uri", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collection_id"], ["collections.id"], name=op.f("fk_collection_items_collection_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection_items")),
        sa.UniqueConstraint("collection_id", "object_uri", name=op.f("uq_collection_items_collection_id_object_uri")),
    )
    op.create_index("ix_collection_items_page", "collection_items", ["collection_id", "id"], unique=False)
    op.create_table(
        "conversation_posts",
        sa.Column("conversation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_conversation_posts_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("conversation_id", "post_id", name=op.f("pk_conversation_posts")),
    )
    op.create_index(op.f("ix_conversation_posts_post_id"), "conversation_posts", ["post_id"], unique=False)
    op.create_table(
        "filter_keywords",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("filter_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("keyword", sa.Text(), nullable=False),
        sa.Column("whole_word", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["filter_id"], ["filters.id"], name=op.f("fk_filter_keywords_filter_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filter_keywords")),
    )
    op.create_index(op.f("ix_filter_keywords_filter_id"), "filter_keywords", ["filter_id"], unique=False)
    op.create_table(
        "filter_posts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("filter_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["filter_id"], ["filters.id"], name=op.f("fk_filter_posts_filter_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filter_posts")),
        sa.UniqueConstraint("filter_id", "post_id", name=op.f("uq_filter_posts_filter_id_post_id")),
    )
    op.create_index(op.f("ix_filter_posts_post_id"), "filter_posts", ["post_id"], unique=False)
    op.create_table(
        "list_members",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("list_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("target_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["list_id"], ["lists.id"], name=op.f("fk_list_members_list_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["target_id"], ["actors.id"], name=op.f("fk_list_members_target_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_members")),
        sa.UniqueConstraint("list_id", "target_id", name=op.f("uq_list_members_list_id_target_id")),
    )
    op.create_index(op.f("ix_list_members_target_id"), "list_members", ["target_id"], unique=False)
    op.create_table(
        "oauth_codes",
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("redirect_uri", sa.Text(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("challenge", sa.Text(), nullable=True),
        sa.Column("family", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("expires_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("used_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["accounts.actor_id"], name=op.f("fk_oauth_codes_actor_id")),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_oauth_codes")),
    )
    op.create_index(op.f("ix_oauth_codes_actor_id"), "oauth_codes", ["actor_id"], unique=False)
    op.create_index(op.f("ix_oauth_codes_expires_at"), "oauth_codes", ["expires_at"], unique=False)
    op.create_table(
        "passkeys",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("credential_id", sa.Text(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("used_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["accounts.actor_id"], name=op.f("fk_passkeys_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
    )
    op.create_index(op.f("ix_passkeys_actor_id"), "passkeys", ["actor_id"], unique=False)
    op.create_table(
        "pins",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actors.id"], name=op.f("fk_pins_actor_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_pins_post_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pins")),
        sa.UniqueConstraint("actor_id", "post_id", name=op.f("uq_pins_actor_id_post_id")),
    )
    op.create_index("ix_pins_of_actor", "pins", ["actor_id", "id"], unique=False)
    op.create_index(op.f("ix_pins_post_id"), "pins", ["post_id"], unique=False)
    op.create_table(
        "poll_options",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("votes_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_poll_options_post_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("post_id", "position", name=op.f("pk_poll_options")),
    )
    op.create_table(
        "poll_votes",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actors.id"], name=op.f("fk_poll_votes_actor_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_poll_votes_post_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("post_id", "actor_id", "position", name=op.f("pk_poll_votes")),
    )
    op.create_table(
        "polls",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("multiple", sa.Boolean(), nullable=False),
        sa.Column("hide_totals", sa.Boolean(), nullable=False),
        sa.Column("expires_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("voters_count", sa.Integer(), nullable=True),
        sa.Column("checked_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("told_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_polls_post_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_polls")),
    )
    op.create_table(
        "quote_policies",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("automatic", sa.Text(), nullable=False),
        sa.Column("manual", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_quote_policies_post_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_quote_policies")),
    )
    op.create_table(
        "quotes",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("quoted_uri", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_quotes_post_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_quotes")),
    )
    op.create_index("ix_quotes_state", "quotes", ["quoted_uri", "state", "post_id"], unique=False)
    op.create_table(
        "recovery_codes",
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["accounts.actor_id"], name=op.f("fk_recovery_codes_actor_id")),
        sa.PrimaryKeyConstraint("actor_id", "code_hash", name=op.f("pk_recovery_codes")),
    )
    op.create_table(
        "refresh_tokens",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("family", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("expires_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("used_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("revoked_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["accounts.actor_id"], name=op.f("fk_refresh_tokens_actor_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_refresh_tokens")),
    )
    op.create_index(op.f("ix_refresh_tokens_actor_id"), "refresh_tokens", ["actor_id"], unique=False)
    op.create_index(op.f("ix_refresh_tokens_expires_at"), "refresh_tokens", ["expires_at"], unique=False)
    op.create_index(op.f("ix_refresh_tokens_family"), "refresh_tokens", ["family"], unique=False)
    op.create_index(op.f("ix_refresh_tokens_revoked_at"), "refresh_tokens", ["revoked_at"], unique=False)
    op.create_table(
        "revisions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("content_html", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column("pictures", sa.Text(), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_revisions_post_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisions")),
    )
    op.create_index("ix_revisions_of_post", "revisions", ["post_id", "id"], unique=False)
    op.add_column("access_tokens", sa.Column("client_id", sa.Text(), nullable=True))
    op.add_column(
        "access_tokens", sa.Column("family", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
    )
    op.add_column(
        "access_tokens", sa.Column("expires_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
    )
    op.create_index(op.f("ix_access_tokens_expires_at"), "access_tokens", ["expires_at"], unique=False)
    op.create_index(op.f("ix_access_tokens_family"), "access_tokens", ["family"], unique=False)
    op.create_index(op.f("ix_access_tokens_revoked_at"), "access_tokens", ["revoked_at"], unique=False)
    op.add_column("actors", sa.Column("fields", sa.Text(), server_default="[]", nullable=False))
    op.add_column("actors", sa.Column("bot", sa.Boolean(), server_default=sa.text("0"), nullable=False))
    op.add_column("actors", sa.Column("hides_collections", sa.Boolean(), server_default=sa.text("0"), nullable=False))
    op.create_index("ix_actors_listed", "actors", ["id"], unique=False, sqlite_where=sa.text("discoverable = 1"))
    op.add_column("follows", sa.Column("reblogs", sa.Boolean(), server_default=sa.text("1"), nullable=False))
    op.add_column("follows", sa.Column("notify", sa.Boolean(), server_default=sa.text("0"), nullable=False))
    op.add_column("follows", sa.Column("languages", sa.Text(), nullable=True))
    op.create_index("ix_follows_watchers", "follows", ["followed_id"], unique=False, sqlite_where=sa.text("notify = 1"))
    op.add_column("media", sa.Column("source", sa.Text(), nullable=True))
    op.add_column(
        "media", sa.Column("scheduled_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
    )
    op.create_index(
        "ix_media_loose",
        "media",
        ["created_at"],
        unique=False,
        sqlite_where=sa.text("post_id IS NULL AND generation_id IS NULL AND scheduled_id IS NULL"),
        postgresql_where=sa.text("post_id IS NULL AND generation_id IS NULL AND scheduled_id IS NULL"),
    )
    op.add_column("notifications", sa.Column("filtered", sa.Boolean(), server_default=sa.text("0"), nullable=False))
    op.add_column("notifications", sa.Column("group_key", sa.Text(), nullable=True))
    op.add_column("notifications", sa.Column("detail", sa.Text(), nullable=True))
    op.create_index(
        "ix_notifications_filtered",
        "notifications",
        ["actor_id", "from_id"],
        unique=False,
        sqlite_where=sa.text("filtered = 1"),
    )
    op.create_index("ix_notifications_group", "notifications", ["actor_id", "group_key", "id"], unique=False)
    op.add_column("posts", sa.Column("blind_uris", sa.Text(), nullable=True))
    op.add_column("posts", sa.Column("extra", sa.Text(), nullable=True))
    op.drop_index(op.f("ix_posts_local_feed"), table_name="posts")
    op.create_index(
        "ix_posts_counted",
        "posts",
        ["actor_id", "visibility", "published_at"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "ix_posts_public",
        "posts",
        ["local", "in_reply_to_uri", "deleted_at", "id"],
        unique=False,
        sqlite_where=sa.text("visibility = 'public' AND deleted_at IS NULL AND in_reply_to_uri IS NULL"),
        postgresql_where=sa.text("visibility = 'public' AND deleted_at IS NULL AND in_reply_to_uri IS NULL"),
    )
    op.add_column("reactions", sa.Column("visibility", sa.Text(), nullable=True))
    op.add_column("sessions", sa.Column("browser", sa.Text(), nullable=True))
    op.add_column("sessions", sa.Column("address", sa.Text(), nullable=True))
    op.add_column("sessions", sa.Column("seen_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
    # What was there before feeds were written: as many as each will keep are left by the first housekeeping.
    op.execute(
        "insert into feed_entries (kind, owner_id, entry_id, post_id, by_id)"
        " select 0, actor_id, id, id, actor_id from posts"
        " where local = 1 and deleted_at is null and visibility <> 'direct'"
        " and actor_id in (select actor_id from accounts)"
    )
    op.execute(
        "insert into feed_entries (kind, owner_id, entry_id, post_id, by_id)"
        " select 0, accounts.actor_id, posts.id, posts.id, posts.actor_id"
        " from accounts join follows on follows.follower_id = accounts.actor_id and follows.state = 'accepted'"
        " join posts on posts.actor_id = follows.followed_id"
        " left join posts parents on parents.id = posts.in_reply_to_id"
        " where posts.deleted_at is null and posts.visibility <> 'direct'"
        " and (posts.in_reply_to_uri is null or parents.actor_id in (posts.actor_id, accounts.actor_id)"
        " or parents.actor_id in (select followed_id from follows other"
        " where other.follower_id = accounts.actor_id and other.state = 'accepted'))"
        " on conflict do nothing"
    )
    # The full-text tables, as server/store/reading/search.py has them; the words of what is there are put in once.
    op.execute(
        "create virtual table if not exists search_posts using fts5(body, tokenize = 'unicode61 remove_diacritics 2')"
    )
    op.execute(
        "create virtual table if not exists search_actors using fts5(username, name, content = 'actors',"
        " content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3')"
    )
    op.execute(
        "create trigger if not exists search_actors_added after insert on actors begin"
        " insert into search_actors(rowid, username, name) values (new.id, new.username, new.name); end"
    )
    op.execute(
        "create trigger if not exists search_actors_renamed after update of username, name on actors"
        " when old.username is not new.username or old.name is not new.name begin"
        " insert into search_actors(search_actors, rowid, username, name)"
        " values ('delete', old.id, old.username, old.name);"
        " insert into search_actors(rowid, username, name) values (new.id, new.username, new.name); end"
    )
    op.execute(
        "create trigger if not exists search_actors_dropped after delete on actors begin"
        " insert into search_actors(search_actors, rowid, username, name)"
        " values ('delete', old.id, old.username, old.name); end"
    )
    op.execute("insert into search_actors(search_actors) values ('rebuild')")
    op.execute(
        "insert into search_posts(rowid, body) select id, coalesce(summary, '') || ' ' || coalesce(source,"
        " replace(replace(replace(replace(content_html, '<p>', ' '), '</p>', ' '), '<br>', ' '), '<', ' <'))"
        " from posts where deleted_at is null"
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_column("sessions", "seen_at")
    op.drop_column("sessions", "address")
    op.drop_column("sessions", "browser")
    op.drop_column("reactions", "visibility")
    op.drop_index(
        "ix_posts_public",
        table_name="posts",
        sqlite_where=sa.text("visibility = 'public' AND deleted_at IS NULL AND in_reply_to_uri IS NULL"),
        postgresql_where=sa.text("visibility = 'public' AND deleted_at IS NULL AND in_reply_to_uri IS NULL"),
    )
    op.drop_index(
        "ix_posts_counted",
        table_name="posts",
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(op.f("ix_posts_local_feed"), "posts", ["local", "visibility", "id"], unique=False)
    op.drop_column("posts", "extra")
    op.drop_column("posts", "blind_uris")
    op.drop_index("ix_notifications_group", table_name="notifications")
    op.drop_index("ix_notifications_filtered", table_name="notifications", sqlite_where=sa.text("filtered = 1"))
    op.drop_column("notifications", "detail")
    op.drop_column("notifications", "group_key")
    op.drop_column("notifications", "filtered")
    op.drop_index(
        "ix_media_loose",
        table_name="media",
        sqlite_where=sa.text("post_id IS NULL AND generation_id IS NULL AND scheduled_id IS NULL"),
        postgresql_where=sa.text("post_id IS NULL AND generation_id IS NULL AND scheduled_id IS NULL"),
    )
    op.drop_column("media", "scheduled_id")
    op.drop_column("media", "source")
    op.drop_index("ix_follows_watchers", table_name="follows", sqlite_where=sa.text("notify = 1"))
    op.drop_column("follows", "languages")
    op.drop_column("follows", "notify")
    op.drop_column("follows", "reblogs")
    op.drop_index("ix_actors_listed", table_name="actors", sqlite_where=sa.text("discoverable = 1"))
    op.drop_column("actors", "hides_collections")
    op.drop_column("actors", "bot")
    op.drop_column("actors", "fields")
    op.drop_index(op.f("ix_access_tokens_revoked_at"), table_name="access_tokens")
    op.drop_index(op.f("ix_access_tokens_family"), table_name="access_tokens")
    op.drop_index(op.f("ix_access_tokens_expires_at"), table_name="access_tokens")
    op.drop_column("access_tokens", "expires_at")
    op.drop_column("access_tokens", "family")
    op.drop_column("access_tokens", "client_id")
    op.drop_index("ix_revisions_of_post", table_name="revisions")
    op.drop_table("revisions")
    op.drop_index(op.f("ix_refresh_tokens_revoked_at"), table_name="refresh_tokens")
    op.drop_index(op.f("ix_refresh_tokens_family"), table_name="refresh_tokens")
    op.drop_index(op.f("ix_refresh_tokens_expires_at"), table_name="refresh_tokens")
    op.drop_index(op.f("ix_refresh_tokens_actor_id"), table_name="refresh_tokens")
    op.drop_table("refresh_tokens")
    op.drop_table("recovery_codes")
    op.drop_index("ix_quotes_state", table_name="quotes")
    op.drop_table("quotes")
    op.drop_table("quote_policies")
    op.drop_table("polls")
    op.drop_table("poll_votes")
    op.drop_table("poll_options")
    op.drop_index(op.f("ix_pins_post_id"), table_name="pins")
    op.drop_index("ix_pins_of_actor", table_name="pins")
    op.drop_table("pins")
    op.drop_index(op.f("ix_passkeys_actor_id"), table_name="passkeys")
    op.drop_table("passkeys")
    op.drop_index(op.f("ix_oauth_codes_expires_at"), table_name="oauth_codes")
    op.drop_index(op.f("ix_oauth_codes_actor_id"), table_name="oauth_codes")
    op.drop_table("oauth_codes")
    op.drop_index(op.f("ix_list_members_target_id"), table_name="list_members")
    op.drop_table("list_members")
    op.drop_index(op.f("ix_filter_posts_post_id"), table_name="filter_posts")
    op.drop_table("filter_posts")
    op.drop_index(op.f("ix_filter_keywords_filter_id"), table_name="filter_keywords")
    op.drop_table("filter_keywords")
    op.drop_index(op.f("ix_conversation_posts_post_id"), table_name="conversation_posts")
    op.drop_table("conversation_posts")
    op.drop_index("ix_collection_items_page", table_name="collection_items")
    op.drop_table("collection_items")
    op.drop_index(op.f("ix_bookmarks_post_id"), table_name="bookmarks")
    op.drop_index("ix_bookmarks_of_actor", table_name="bookmarks")
    op.drop_table("bookmarks")
    op.drop_table("authenticators")
    op.drop_index("ix_scheduled_posts_of_actor", table_name="scheduled_posts")
    op.drop_table("scheduled_posts")
    op.drop_index(op.f("ix_reports_uri"), table_name="reports")
    op.drop_index(op.f("ix_reports_target_id"), table_name="reports")
    op.drop_index(op.f("ix_reports_actor_id"), table_name="reports")
    op.drop_table("reports")
    op.drop_index(op.f("ix_push_subscriptions_actor_id"), table_name="push_subscriptions")
    op.drop_table("push_subscriptions")
    op.drop_index(op.f("ix_promised_posts_created_at"), table_name="promised_posts")
    op.drop_index(op.f("ix_promised_posts_actor_id"), table_name="promised_posts")
    op.drop_table("promised_posts")
    op.drop_table("private_notes")
    op.drop_table("preferences")
    op.drop_index("ix_notification_requests_of_actor", table_name="notification_requests")
    op.drop_table("notification_requests")
    op.drop_table("notification_policies")
    op.drop_table("notification_permissions")
    op.drop_index(op.f("ix_mutes_expires_at"), table_name="mutes")
    op.drop_table("mutes")
    op.drop_table("muted_threads")
    op.drop_table("markers")
    op.drop_index(op.f("ix_lists_actor_id"), table_name="lists")
    op.drop_table("lists")
    op.drop_index(op.f("ix_inbox_entries_activity_id"), table_name="inbox_entries")
    op.drop_table("inbox_entries")
    op.drop_index(op.f("ix_idempotency_keys_created_at"), table_name="idempotency_keys")
    op.drop_table("idempotency_keys")
    op.drop_index(op.f("ix_followed_tags_name"), table_name="followed_tags")
    op.drop_table("followed_tags")
    op.drop_index(op.f("ix_filters_actor_id"), table_name="filters")
    op.drop_table("filters")
    op.drop_table("featured_tags")
    op.drop_table("endorsements")
    op.drop_table("domain_blocks")
    op.drop_table("dismissed_suggestions")
    op.drop_index("ix_conversations_of_actor", table_name="conversations")
    op.drop_table("conversations")
    op.drop_index(op.f("ix_collections_actor_id"), table_name="collections")
    op.drop_table("collections")
    op.drop_table("stream_events")
    op.drop_index(op.f("ix_spent_challenges_expires_at"), table_name="spent_challenges")
    op.drop_table("spent_challenges")
    op.drop_index(op.f("ix_oauth_clients_used_at"), table_name="oauth_clients")
    op.drop_table("oauth_clients")
    op.drop_index("ix_feed_entries_post", table_name="feed_entries")
    op.drop_table("feed_entries")
    op.drop_index(op.f("ix_app_tokens_expires_at"), table_name="app_tokens")
    op.drop_index(op.f("ix_app_tokens_client_id"), table_name="app_tokens")
    op.drop_table("app_tokens")
