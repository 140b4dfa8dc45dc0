"""The first tables."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from models.columns import Xid8

revision: str = "0001"
down_revision: str | None = None
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.execute("CREATE SEQUENCE issue_number")
    op.execute("CREATE SEQUENCE feed_id")
    op.create_table(
        "activity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("issue_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "FIRST_SEEN",
                "REGRESSED",
                "ASSIGNED",
                "UNASSIGNED",
                "ACKNOWLEDGED",
                "ESCALATED",
                "RESOLVED",
                "REOPENED",
                "SNOOZED",
                "WOKEN",
                "IGNORED",
                "MERGED",
                "SPLIT",
                "COMMENTED",
                "SEVERITY_CHANGED",
                "NOTIFIED",
                "NOBODY_NOTIFIED",
                "SURGED",
                "ALERT_RESOLVED",
                name="activity_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "actor_kind",
            sa.Enum(
                "DEVELOPER",
                "TOKEN",
                "INGEST_KEY",
                "SYSTEM",
                "ANONYMOUS",
                name="actor_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("details", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("activity_issue", "activity", ["issue_id", "id"], unique=False)
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column(
            "actor_kind",
            sa.Enum(
                "DEVELOPER",
                "TOKEN",
                "INGEST_KEY",
                "SYSTEM",
                "ANONYMOUS",
                name="actor_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("target_kind", sa.String(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.Column("before", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("after", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("ip_address", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("audit_entry_target", "audit_entry", ["target_id", "id"], unique=False)
    op.create_table(
        "daily_count",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("environment", sa.String(), nullable=False),
        sa.Column(
            "severity",
            sa.Enum(
                "INFO",
                "LOW",
                "MEDIUM",
                "HIGH",
                "CRITICAL",
                name="severity",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("event_count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "day", "key_id", "environment", "severity"),
        postgresql_with={"fillfactor": 70},
    )
    op.create_index("daily_count_key", "daily_count", ["key_id", "day"], unique=False)
    op.create_table(
        "developer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "VIEWER",
                "DEVELOPER",
                "ADMIN",
                "OWNER",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("manager_id", sa.Uuid(), nullable=True),
        sa.Column("max_load", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_assigned_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("manager_id <> id", name="own_manager"),
        sa.CheckConstraint("max_load BETWEEN 0 AND 1000", name="max_load"),
        sa.ForeignKeyConstraint(["manager_id"], ["developer.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("developer_email", "developer", [sa.literal_column("lower(email)")], unique=True)
    op.create_table(
        "event",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("grouping_key_id", sa.Uuid(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("environment", sa.String(), nullable=False),
        sa.Column("release", sa.String(), nullable=True),
        sa.Column(
            "severity",
            sa.Enum(
                "INFO",
                "LOW",
                "MEDIUM",
                "HIGH",
                "CRITICAL",
                name="severity",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("error_type", sa.String(), nullable=False),
        sa.Column("error_code", sa.String(), nullable=True),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("culprit", sa.String(), nullable=True),
        sa.Column(
            "source",
            sa.Enum(
                "GRAPHQL",
                "REST",
                "SENTRY",
                "OTLP",
                "LARAVEL",
                "JAVA",
                "FRONTEND",
                "MOBILE",
                "GENERIC",
                "INTERNAL",
                name="ingest_source",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("ingest_notes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "id"),
        postgresql_partition_by="RANGE (id)",
    )
    op.create_index("event_by_key", "event", ["project_id", "grouping_key_id", "id"], unique=False)
    op.create_index("event_by_service", "event", ["project_id", "service", "id"], unique=False)
    op.create_table(
        "event_key",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "event_id"),
    )
    op.create_index("event_key_received", "event_key", ["received_at"], unique=False)
    op.create_table(
        "feed",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "id", sa.BigInteger(), server_default=sa.text("nextval('feed_id')"), autoincrement=False, nullable=False
        ),
        sa.Column("xid", Xid8(), server_default=sa.text("pg_current_xact_id()"), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "EVENT_LOGGED", "ISSUE_CHANGED", name="feed_kind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("issue_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("facts", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("day", "id"),
        postgresql_partition_by="RANGE (day)",
    )
    op.create_index("feed_order", "feed", ["xid", "id"], unique=False)
    op.create_table(
        "feed_epoch",
        sa.Column("is_only", sa.Boolean(), nullable=False),
        sa.Column("epoch", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("is_only"),
    )
    op.create_table(
        "grouping_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "IN_APP",
                "FULL",
                "MESSAGE",
                "CUSTOM",
                name="grouping_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("issue_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("grouping_key_hash", "grouping_key", ["project_id", "hash"], unique=True)
    op.create_index("grouping_key_issue", "grouping_key", ["issue_id"], unique=False)
    op.create_table(
        "heartbeat",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "hourly_count",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("environment", sa.String(), nullable=False),
        sa.Column(
            "severity",
            sa.Enum(
                "INFO",
                "LOW",
                "MEDIUM",
                "HIGH",
                "CRITICAL",
                name="severity",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("event_count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "hour", "service", "environment", "severity"),
        postgresql_with={"fillfactor": 70},
    )
    op.create_table(
        "issue_counter",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("issue_id", sa.Uuid(), nullable=False),
        sa.Column("event_count", sa.BigInteger(), nullable=False),
        sa.Column("user_count", sa.BigInteger(), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_event_id", sa.Uuid(), nullable=False),
        sa.Column("last_release", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("issue_id"),
        postgresql_with={"fillfactor": 70},
    )
    op.create_index("issue_counter_events", "issue_counter", ["project_id", "event_count", "issue_id"], unique=False)
    op.create_index(
        "issue_counter_last_seen", "issue_counter", ["project_id", "last_seen_at", "issue_id"], unique=False
    )
    op.create_index("issue_counter_users", "issue_counter", ["project_id", "user_count", "issue_id"], unique=False)
    op.create_table(
        "key_facet",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "key_id", "kind", "value"),
    )
    op.create_index("key_facet_value", "key_facet", ["project_id", "kind", "value", "key_id"], unique=False)
    op.create_table(
        "key_user",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("user_hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "key_id", "user_hash"),
    )
    op.create_table(
        "release",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "version"),
    )
    op.create_table(
        "triage",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("issue_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column(
            "trigger",
            sa.Enum(
                "NEW_ISSUE",
                "REGRESSION",
                "EVENT_COUNT",
                "ERROR_RATE",
                "CRITICAL_COUNT",
                "SURGE",
                "USERS_AFFECTED",
                "UNRESOLVED_FOR",
                "ALERT_QUEUE",
                "MANUAL",
                name="alert_trigger",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "severity",
            sa.Enum(
                "INFO",
                "LOW",
                "MEDIUM",
                "HIGH",
                "CRITICAL",
                name="severity",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "api_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("project_ids", postgresql.ARRAY(sa.Uuid()), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["developer.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("digest"),
    )
    op.create_index("api_token_owner", "api_token", ["owner_id"], unique=False)
    op.create_table(
        "developer_service",
        sa.Column("developer_id", sa.Uuid(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["developer_id"], ["developer.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("developer_id", "service"),
    )
    op.create_index(op.f("ix_developer_service_service"), "developer_service", ["service"], unique=False)
    op.create_table(
        "duty",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("developer_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name="span"),
        sa.ForeignKeyConstraint(["developer_id"], ["developer.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("duty_developer", "duty", ["developer_id", "starts_at"], unique=False)
    op.create_table(
        "project",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "plan",
            sa.Enum("FREE", "PRO", "ENTERPRISE", name="plan", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("retention_days", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("redact_keys", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("retention_days BETWEEN 1 AND 3650", name="retention"),
        sa.ForeignKeyConstraint(["owner_id"], ["developer.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number"),
        sa.UniqueConstraint("slug"),
    )
    op.create_table(
        "team",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["lead_id"], ["developer.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("slug"),
    )
    op.create_table(
        "ingest_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("rate_limit_per_minute", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("public_key"),
    )
    op.create_index(op.f("ix_ingest_key_project_id"), "ingest_key", ["project_id"], unique=False)
    op.create_table(
        "issue",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("short_id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("error_type", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("culprit", sa.String(), nullable=True),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column(
            "severity",
            sa.Enum(
                "INFO",
                "LOW",
                "MEDIUM",
                "HIGH",
                "CRITICAL",
                name="severity",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "severity_rank",
            sa.SmallInteger(),
            sa.Computed(
                "CASE severity WHEN 'INFO' THEN 0 WHEN 'LOW' THEN 1 WHEN 'MEDIUM' THEN 2 WHEN 'HIGH' THEN 3 WHEN 'CRITICAL' THEN 4 END",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("severity_is_set", sa.Boolean(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "UNRESOLVED",
                "RESOLVED",
                "SNOOZED",
                "IGNORED",
                name="issue_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("is_regression", sa.Boolean(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_release", sa.String(), nullable=True),
        sa.Column("assignee_id", sa.Uuid(), nullable=True),
        sa.Column("assignment_reason", sa.String(), nullable=True),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by_id", sa.Uuid(), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "resolution",
            sa.Enum(
                "FIXED",
                "NOT_AN_ERROR",
                "WONT_FIX",
                "DUPLICATE",
                name="resolution",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("resolved_in_release", sa.String(), nullable=True),
        sa.Column("resolved_after_release", sa.String(), nullable=True),
        sa.Column("resolution_note", sa.String(), nullable=True),
        sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("snoozed_until_event_count", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["acknowledged_by_id"], ["developer.id"]),
        sa.ForeignKeyConstraint(["assignee_id"], ["developer.id"]),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"]),
        sa.ForeignKeyConstraint(["resolved_by_id"], ["developer.id"]),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("short_id"),
    )
    op.create_index(
        "issue_assigned", "issue", ["assignee_id"], unique=False, postgresql_where=sa.text("assignee_id IS NOT NULL")
    )
    op.create_index("issue_first_seen", "issue", ["project_id", "first_seen_at", "id"], unique=False)
    op.create_index("issue_severity", "issue", ["project_id", "severity_rank", "id"], unique=False)
    op.create_index(
        "issue_snoozed", "issue", ["snoozed_until"], unique=False, postgresql_where=sa.text("status = 'SNOOZED'")
    )
    op.create_table(
        "team_member",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("developer_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["developer_id"], ["developer.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("team_id", "developer_id"),
    )
    op.create_index(op.f("ix_team_member_developer_id"), "team_member", ["developer_id"], unique=False)
    op.create_table(
        "team_project",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("team_id", "project_id"),
    )
    op.create_index(op.f("ix_team_project_project_id"), "team_project", ["project_id"], unique=False)
    op.create_table(
        "alert",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("issue_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "TRIGGERED",
                "ACKNOWLEDGED",
                "RESOLVED",
                name="alert_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "trigger",
            sa.Enum(
                "NEW_ISSUE",
                "REGRESSION",
                "EVENT_COUNT",
                "ERROR_RATE",
                "CRITICAL_COUNT",
                "SURGE",
                "USERS_AFFECTED",
                "UNRESOLVED_FOR",
                "ALERT_QUEUE",
                "MANUAL",
                name="alert_trigger",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "severity",
            sa.Enum(
                "INFO",
                "LOW",
                "MEDIUM",
                "HIGH",
                "CRITICAL",
                name="severity",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("next_escalation_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("triggered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by_id", sa.Uuid(), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["acknowledged_by_id"], ["developer.id"]),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"]),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "alert_due",
        "alert",
        ["next_escalation_at"],
        unique=False,
        postgresql_where=sa.text("next_escalation_at IS NOT NULL"),
    )
    op.create_index("alert_of_issue", "alert", ["issue_id", "id"], unique=False)
    op.create_index("alert_open", "alert", ["issue_id"], unique=True, postgresql_where=sa.text("status <> 'RESOLVED'"))
    op.create_index("alert_project", "alert", ["project_id", "id"], unique=False)
    op.create_table(
        "escalation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("alert_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=True),
        sa.Column("to_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("is_automatic", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"]),
        sa.ForeignKeyConstraint(["from_id"], ["developer.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_escalation_alert_id"), "escalation", ["alert_id"], unique=False)
    op.create_table(
        "notification",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "NEW_ISSUE",
                "REGRESSION",
                "ASSIGNMENT",
                "ALERT",
                "ESCALATION",
                "DAILY_SUMMARY",
                "HANDOFF",
                "TEST",
                name="notification_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.Enum(
                "EMAIL",
                "SLACK",
                "SMS",
                "WEBHOOK",
                "DASHBOARD",
                "TELEGRAM",
                "PAGERDUTY",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("recipient_id", sa.Uuid(), nullable=True),
        sa.Column("destination", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("content", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "PENDING",
                "SENDING",
                "SENT",
                "RETRYING",
                "SUPPRESSED",
                "DEAD",
                name="notification_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("issue_id", sa.Uuid(), nullable=True),
        sa.Column("alert_id", sa.Uuid(), nullable=True),
        sa.Column("idempotency_key", sa.String(), nullable=False),
        sa.Column("attempt_count", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"]),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"]),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"]),
        sa.ForeignKeyConstraint(["recipient_id"], ["developer.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("idempotency_key"),
    )
    op.create_index(
        "notification_due",
        "notification",
        ["next_attempt_at"],
        unique=False,
        postgresql_where=sa.text("next_attempt_at IS NOT NULL"),
    )
    op.create_index("notification_issue", "notification", ["issue_id", "id"], unique=False)
    op.create_index("notification_project", "notification", ["project_id", "id"], unique=False)
    op.create_index("notification_recipient", "notification", ["recipient_id", "id"], unique=False)
    op.create_table(
        "delivery_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("notification_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.Column("status_code", sa.Integer(), nullable=True),
        sa.Column("detail", sa.String(), nullable=True),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["notification_id"], ["notification.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_delivery_attempt_notification_id"), "delivery_attempt", ["notification_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_delivery_attempt_notification_id"), table_name="delivery_attempt")
    op.drop_table("delivery_attempt")
    op.drop_index("notification_recipient", table_name="notification")
    op.drop_index("notification_project", table_name="notification")
    op.drop_index("notification_issue", table_name="notification")
    op.drop_index(
        "notification_due", table_name="notification", postgresql_where=sa.text("next_attempt_at IS NOT NULL")
    )
    op.drop_table("notification")
    op.drop_index(op.f("ix_escalation_alert_id"), table_name="escalation")
    op.drop_table("escalation")
    op.drop_index("alert_project", table_name="alert")
    op.drop_index("alert_open", table_name="alert", postgresql_where=sa.text("status <> 'RESOLVED'"))
    op.drop_index("alert_of_issue", table_name="alert")
    op.drop_index("alert_due", table_name="alert", postgresql_where=sa.text("next_escalation_at IS NOT NULL"))
    op.drop_table("alert")
    op.drop_index(op.f("ix_team_project_project_id"), table_name="team_project")
    op.drop_table("team_project")
    op.drop_index(op.f("ix_team_member_developer_id"), table_name="team_member")
    op.drop_table("team_member")
    op.drop_index("issue_snoozed", table_name="issue", postgresql_where=sa.text("status = 'SNOOZED'"))
    op.drop_index("issue_severity", table_name="issue")
    op.drop_index("issue_first_seen", table_name="issue")
    op.drop_index("issue_assigned", table_name="issue", postgresql_where=sa.text("assignee_id IS NOT NULL"))
    op.drop_table("issue")
    op.drop_index(op.f("ix_ingest_key_project_id"), table_name="ingest_key")
    op.drop_table("ingest_key")
    op.drop_table("team")
    op.drop_table("project")
    op.drop_index("duty_developer", table_name="duty")
    op.drop_table("duty")
    op.drop_index(op.f("ix_developer_service_service"), table_name="developer_service")
    op.drop_table("developer_service")
    op.drop_index("api_token_owner", table_name="api_token")
    op.drop_table("api_token")
    op.drop_table("triage")
    op.drop_table("release")
    op.drop_table("key_user")
    op.drop_index("key_facet_value", table_name="key_facet")
    op.drop_table("key_facet")
    op.drop_index("issue_counter_users", table_name="issue_counter")
    op.drop_index("issue_counter_last_seen", table_name="issue_counter")
    op.drop_index("issue_counter_events", table_name="issue_counter")
    op.drop_table("issue_counter")
    op.drop_table("hourly_count")
    op.drop_table("heartbeat")
    op.drop_index("grouping_key_issue", table_name="grouping_key")
    op.drop_index("grouping_key_hash", table_name="grouping_key")
    op.drop_table("grouping_key")
    op.drop_table("feed_epoch")
    op.drop_index("feed_order", table_name="feed")
    op.drop_table("feed")
    op.drop_index("event_key_received", table_name="event_key")
    op.drop_table("event_key")
    op.drop_index("event_by_service", table_name="event")
    op.drop_index("event_by_key", table_name="event")
    op.drop_table("event")
    op.drop_index("developer_email", table_name="developer")
    op.drop_table("developer")
    op.drop_index("daily_count_key", table_name="daily_count")
    op.drop_table("daily_count")
    op.drop_index("audit_entry_target", table_name="audit_entry")
    op.drop_table("audit_entry")
    op.drop_index("activity_issue", table_name="activity")
    op.drop_table("activity")
    op.execute("DROP SEQUENCE feed_id")
    op.execute("DROP SEQUENCE issue_number")
