"""What can be set from outside: one frozen object, read from the environment once, at start."""

import os
import re
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from core.addresses import Allowed
from core.mail import sender_address
from core.places import absolute_path, checked_archive, checked_postgres, checked_redis, with_host

ROOT = Path(__file__).resolve().parent.parent
# How many values one GraphQL document may ask for (ADR 0013).
DEAREST = 20_000
_PREFIX = "TOCSIN_"
_QUARTER = re.compile(r"([01][0-9]|2[0-3]):(00|15|30|45)", re.ASCII)


class Settings(BaseSettings):
    """Every setting is an environment variable: its name in capitals behind `TOCSIN_`. An empty one is unset."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, env_ignore_empty=True, frozen=True, extra="ignore")

    host: str = Field("127.0.0.1", description="Address the API listens on.")
    port: int = Field(8470, ge=0, le=65535, description="Port the API listens on; 0 takes a free one.")
    public_url: str | None = Field(
        None, description="Address that browsers, mails and DSNs use. Default: `http://HOST:PORT`."
    )
    data_dir: Path = Field(ROOT / "var", description="Where embedded servers, credentials and logs are kept.")
    database_url: str | None = Field(
        None, description="PostgreSQL to use, `postgresql://…`. Unset: an embedded PostgreSQL 18."
    )
    redis_url: str | None = Field(None, description="Valkey or Redis to use, `redis://…`. Unset: an embedded Valkey 9.")
    database_connections: int = Field(
        16, ge=4, le=200, description="Most PostgreSQL connections one process opens; a worker three more."
    )
    smtp_url: str | None = Field(
        None,
        description="Mail server, `smtp://user:password@host:port`, or `smtps://` for TLS from the first byte. "
        "Unset: mails are recorded as suppressed, and not sent.",
    )
    mail_from: str = Field("Tocsin <tocsin@localhost>", description="Sender of mails.")
    outbound_allowed: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Hosts, addresses and networks besides the public internet that messages may be sent to by HTTP, "
        "separated by commas.",
    )
    slack_url: str = Field("https://slack.com/api", description="Slack's API.")
    slack_token: str | None = Field(
        None, repr=False, description="Slack bot token, `xoxb-…`. Unset: Slack by incoming webhooks only."
    )
    slack_signing_secret: str | None = Field(
        None, repr=False, description="Signing secret of the Slack app, by which clicks on its buttons are known."
    )
    twilio_url: str = Field("https://api.twilio.com", description="Twilio's API.")
    twilio_account_sid: str | None = Field(None, description="Twilio account, `AC…`. Unset: no text messages.")
    twilio_auth_token: str | None = Field(None, repr=False, description="The secret of the Twilio account.")
    twilio_from: str | None = Field(None, description="Number or messaging service that text messages come from.")
    telegram_url: str = Field("https://api.telegram.org", description="Telegram's API.")
    telegram_token: str | None = Field(None, repr=False, description="Token of the Telegram bot. Unset: no Telegram.")
    pagerduty_url: str = Field("https://events.pagerduty.com", description="PagerDuty's events API.")
    owner_email: str = Field("owner@localhost", description="Mail address of the first owner.")
    owner_name: str = Field("Owner", description="Name of the first owner.")
    first_project: str = Field("default", description="Slug of the first project.")
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Web origins besides our own whose pages may use `/graphql`, by HTTP and WebSocket, separated by "
        "commas; `*` for all.",
    )
    graphiql: bool = Field(True, description="Serve GraphiQL at /graphql.")
    introspection: Literal["everyone", "credentialed", "off"] = Field(
        "credentialed", description="Who may ask `/graphql` for its schema: `credentialed` is who has an API token."
    )
    query_s: float = Field(60, gt=0, le=600, description="Seconds a GraphQL query may take; past it TIMED_OUT.")
    documents: Literal["any", "known"] = Field(
        "any",
        description="Which documents `/graphql` runs: `known` are those of TOCSIN_DOCUMENTS_FROM, and what only logs.",
    )
    documents_from: Path = Field(
        ROOT / "frontend-contract" / "operations",
        description="What may be asked for by `documentId`: a folder of `.graphql` documents, or a manifest.",
    )
    max_body_bytes: int = Field(8 * 2**20, ge=2**16, le=2**28, description="Largest request body; past it 413.")
    webhook_window_s: float = Field(
        300, gt=0, le=3600, description="Seconds by which the time of a signed webhook may be off."
    )
    writer_queue_events: int = Field(
        10_000, ge=1, le=1_000_000, description="Events that may wait for the disk; past it RATE_LIMITED."
    )
    writer_queue_bytes: int = Field(
        64 * 2**20, ge=2**20, description="Bytes of events that may wait for the disk; past it RATE_LIMITED."
    )
    writer_batch_events: int = Field(
        1_000, ge=1, le=10_000, description="Most events in one transaction of the writer."
    )
    writer_timeout_s: float = Field(
        5, gt=0, le=60, description="Seconds a batch may take to the disk; past it PostgreSQL counts as away."
    )
    spool_bytes: int = Field(
        256 * 2**20,
        ge=2**20,
        description="Bytes of events, compressed, that may wait in Valkey while PostgreSQL is away; past it 503.",
    )
    bodies_bytes: int = Field(
        64 * 2**20,
        ge=2**20,
        description="Bytes of request bodies, as sent and decompressed, held at once; past it 429.",
    )
    slow_after_ms: int = Field(
        500,
        ge=10,
        description="Milliseconds after which a report is answered late: then fewer are let in at once; past that 429.",
    )
    default_plan: Literal["FREE", "PRO", "ENTERPRISE"] = Field(
        "ENTERPRISE", description="Plan of projects that are made without one. ENTERPRISE has no limits but its own."
    )
    free_quota_per_hour: int = Field(1_000, ge=0, description="Events a FREE project may log an hour; 0: any number.")
    pro_quota_per_hour: int = Field(10_000, ge=0, description="Events a PRO project may log an hour; 0: any number.")
    single_per_minute: int = Field(
        100, ge=0, description="Calls that log one error, by one FREE caller a minute; PRO ten times; 0: any number."
    )
    batch_per_minute: int = Field(20, ge=0, description="The same of calls that log several errors.")
    list_per_minute: int = Field(300, ge=0, description="The same of questions for lists.")
    detail_per_minute: int = Field(600, ge=0, description="The same of all else that is asked or done by GraphQL.")
    cost_per_minute: int = Field(
        5_000_000,
        ge=0,
        description="Values that one caller may ask for in a minute by GraphQL, logging aside; 0: any number.",
    )
    health_per_minute: int = Field(
        3_000, ge=0, description="Calls of health paths, liveness aside, by one address a minute; 0: any number."
    )
    spike_floor_per_hour: int = Field(
        100_000, ge=0, description="Events an hour that are never taken for a spike; 0: no spike protection."
    )
    spike_factor: int = Field(
        10, ge=2, le=1_000, description="A spike is so many times what a project's busy hours have."
    )
    stream_buffer: int = Field(
        512, ge=1, le=100_000, description="Live rows held for one slow subscriber before it goes back to replay."
    )
    stream_replay_rows: int = Field(
        1_000_000,
        ge=1_000,
        description="Rows of the feed, about, that a stream may be behind; one that is further begins at the present, "
        "with a `StreamReset`.",
    )
    stream_position_s: float = Field(
        30, gt=0, le=3600, description="Seconds of silence after which a stream says where it stands."
    )
    sockets_per_caller: int = Field(
        1000,
        ge=1,
        description="WebSockets and streams by HTTP one caller may hold open in a process, with all their tokens.",
    )
    operations_per_socket: int = Field(
        100, ge=1, le=10_000, description="Operations under way at a time in one WebSocket; past it RATE_LIMITED."
    )
    socket_message_bytes: int = Field(
        2**20, ge=2**12, le=2**26, description="Largest message to a WebSocket; past it the socket closes with 1009."
    )
    drain_s: float = Field(
        20, gt=0, le=600, description="Seconds a stopping process gives accepted requests to finish."
    )
    event_retention_days: int = Field(90, ge=1, le=3650, description="Days an event is kept.")
    archive: str | None = Field(
        None,
        description="Where events go before they are dropped, as Parquet: a directory, or "
        "`s3://bucket/prefix?region=…&endpoint=https://…`. Unset: nowhere. See [archive](archive.md).",
    )
    archive_access_key: str | None = Field(
        None, description="Who the archive's bucket knows us as. Unset: as AWS's own variables and files say."
    )
    archive_secret_key: str | None = Field(None, repr=False, description="The secret that belongs to it.")
    feed_retention_days: int = Field(7, ge=1, le=90, description="Days a stream can be resumed from.")
    partitions_ahead_days: int = Field(7, ge=1, le=60, description="Days for which partitions are made ahead.")
    sourcemap_bytes: int = Field(
        32 * 2**20, ge=2**16, le=2**28, description="Largest source map, decompressed; past it the upload is refused."
    )
    sourcemap_upload_bytes: int = Field(
        64 * 2**20, ge=2**16, le=2**29, description="Largest bundle of source maps, as `sentry-cli` uploads them."
    )
    sourcemap_project_bytes: int = Field(
        2**30, ge=2**20, description="Bytes of source maps, compressed, that one project may have stored."
    )
    sourcemap_cache_bytes: int = Field(
        64 * 2**20, ge=0, description="Bytes of decoded source maps that an API process keeps in memory."
    )
    sourcemap_retention_days: int = Field(
        90, ge=1, le=3650, description="Days a source map is kept after it was last of use, or uploaded."
    )
    notification_attempts: int = Field(
        8, ge=1, le=50, description="Tries to deliver one notification before it is dead."
    )
    notification_backoff_s: float = Field(
        5, gt=0, le=3600, description="Seconds before the second try; doubles with each, up to an hour."
    )
    notification_lease_s: float = Field(
        30, gt=0, le=600, description="Seconds a worker has to send what it took, before another takes it over."
    )
    calendar_refresh_s: float = Field(
        900,
        ge=60,
        le=86_400,
        description="Seconds after which a calendar that schedules take shifts from is read again.",
    )
    notification_limit: float = Field(
        1,
        ge=0,
        le=1_000,
        description="Times the [limits](notifications.md#not-too-much-at-once) of messages to one place; 0: no limits.",
    )
    escalate_critical_s: float = Field(
        3_600, ge=60, le=864_000, description="Seconds after which a CRITICAL alert climbs, where no policy says it."
    )
    escalate_high_s: float = Field(4 * 3_600, ge=60, le=864_000, description="The same of all other alerts.")
    acknowledgement_s: float = Field(
        8 * 3_600,
        ge=0,
        le=8_640_000,
        description="Seconds after which whoever acknowledged an alert is asked whether they still have it; 0: never.",
    )
    acknowledgement_answer_s: float = Field(
        1_800, ge=60, le=864_000, description="Seconds they have to answer, before the alert rings again."
    )
    timetable: str | None = Field(
        None,
        description="When scheduled jobs are done, where not by default: `NAME=MINUTES HOURS` (UTC), several separated "
        "by `;`. See [scheduled work](scheduled-work.md).",
    )
    summary_at: str = Field(
        "08:00", description="Time of the daily summary, on the clocks of whoever gets it; in quarters of an hour."
    )
    threshold_errors: int = Field(
        100, ge=0, description="Events an hour above which administrators are told; 0: any number."
    )
    threshold_critical: int = Field(50, ge=0, description="The same of CRITICAL events.")
    threshold_rise_factor: float = Field(
        3,
        ge=0,
        le=1_000,
        description="The same where an hour has more than so many times the mean hour of the day before; 0: never.",
    )
    threshold_rise_floor: int = Field(50, ge=0, description="Events an hour that are never taken for such a rise.")
    threshold_unacknowledged: int = Field(
        10, ge=0, description="Alerts that ring and nobody has, above which administrators are told; 0: any number."
    )
    heartbeat_url: str | None = Field(
        None, repr=False, description="Address that is asked (GET) whenever an audit finds that nothing is overdue."
    )
    run_retention_days: int = Field(30, ge=2, le=3650, description="Days a run of a scheduled job is on record.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="Least level that is logged.")
    log_format: Literal["console", "json"] = Field("console", description="How log lines look.")

    @field_validator("summary_at")
    @classmethod
    def _quarter(cls, value: str) -> str:
        if not _QUARTER.fullmatch(value):
            raise ValueError("must be a time of day in quarters of an hour, such as 08:00 or 07:45")
        return value

    @field_validator("cost_per_minute")
    @classmethod
    def _enough_for_one(cls, value: int) -> int:
        if 0 < value < DEAREST:
            raise ValueError(f"must be 0 or at least {DEAREST}, which one operation may cost")
        return value

    @field_validator("allowed_origins", "outbound_allowed", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("database_url")
    @classmethod
    def _postgres(cls, value: str | None) -> str | None:
        return checked_postgres(value) if value else None

    @field_validator("redis_url")
    @classmethod
    def _redis(cls, value: str | None) -> str | None:
        return checked_redis(value) if value else None

    @field_validator("smtp_url")
    @classmethod
    def _smtp(cls, value: str | None) -> str | None:
        return with_host(value, "smtp", "smtps").geturl() if value else None

    @field_validator("outbound_allowed")
    @classmethod
    def _reachable(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        Allowed.read(value)
        return value

    @field_validator("heartbeat_url", "public_url", "slack_url", "twilio_url", "telegram_url", "pagerduty_url")
    @classmethod
    def _http(cls, value: str | None) -> str | None:
        return with_host(value, "http", "https").geturl().rstrip("/") if value else None

    @field_validator("archive")
    @classmethod
    def _place(cls, value: str | None) -> str | None:
        return checked_archive(value) if value else None

    @field_validator("mail_from")
    @classmethod
    def _sender(cls, value: str) -> str:
        try:
            sender_address(value)
        except ValueError:
            raise ValueError("must be a mail address, such as Tocsin <tocsin@example.com>") from None
        return value

    @field_validator("documents_from")
    @classmethod
    def _there(cls, value: Path) -> Path:
        if not (path := absolute_path(value)).exists():
            raise ValueError("must be a folder or a file that is there")
        return path

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return absolute_path(value)

    @cached_property
    def base_url(self) -> str:
        """The address that people and programs are given, without a slash at the end."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - who listens on all
        return self.public_url or f"http://{f'[{host}]' if ':' in host else host}:{self.port}"


def unknown_variables() -> dict[str, str | None]:
    """Hand back the variables that are named like settings and are none, each with the setting that it may mean."""
    known = [name.upper() for name in Settings.model_fields]
    names = {name: name.upper().removeprefix(_PREFIX) for name in os.environ if name.upper().startswith(_PREFIX)}  # noqa: TID251 - here it is read
    nearest = {name: get_close_matches(rest, known, n=1) for name, rest in names.items() if rest not in known}
    return {name: _PREFIX + near[0] if near else None for name, near in sorted(nearest.items())}
