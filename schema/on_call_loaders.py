"""The loaders of on-call: schedules, policies, escalations, and where and how people are told."""

from datetime import datetime
from functools import cached_property
from uuid import UUID

from strawberry.dataloader import DataLoader

from domain.schedule.definition import Shift
from models import (
    AlertRule,
    ContactMethod,
    Developer,
    Escalation,
    EscalationPolicy,
    ImportedCalendar,
    NotificationRule,
    NotificationTemplate,
    Rotation,
    Schedule,
    ScheduleOverride,
    TimeOff,
)
from resolvers.alert_rule import listing as alert_rule
from resolvers.contact import listing as contact
from resolvers.developer import time_off
from resolvers.escalation import loaders as escalation
from resolvers.notification_template import listing as template
from resolvers.policy import listing as policy
from resolvers.schedule import imported
from resolvers.schedule import listing as schedule
from resolvers.schedule.shifts import (
    Asked,
    Held,
    Moment,
    holding_by_moment,
    overrides_by_asked,
    shifts_by_asked,
    shifts_in_time_off_by_asked,
)
from resolvers.target.holding import Dues, dues_by_issue_id
from schema.loading import Loading


class OnCallLoaders(Loading):
    """The loaders of on-call, each made when it is first used."""

    @cached_property
    def dues_by_issue_id(self) -> DataLoader[UUID, Dues]:
        """When each issue is due, by the targets that hold for it."""
        return self._load(dues_by_issue_id)

    @cached_property
    def policy_by_id(self) -> DataLoader[UUID, EscalationPolicy | None]:
        """The escalation policy, or none where it is out of sight."""
        return self._load(policy.policies_by_id)

    @cached_property
    def alert_rule_by_id(self) -> DataLoader[UUID, AlertRule | None]:
        """The alert rule, or none where it is out of sight."""
        return self._load(alert_rule.alert_rules_by_id)

    @cached_property
    def last_fired_by_rule_id(self) -> DataLoader[UUID, datetime | None]:
        """When an alert rule fired last."""
        return self._load(alert_rule.last_fired_by_rule_id)

    @cached_property
    def notification_template_by_id(self) -> DataLoader[UUID, NotificationTemplate | None]:
        """The template of messages, or none where it is out of sight."""
        return self._load(template.notification_templates_by_id)

    @cached_property
    def escalation_by_id(self) -> DataLoader[UUID, Escalation | None]:
        """The escalation, or none where it is out of sight."""
        return self._load(escalation.escalations_by_id)

    @cached_property
    def escalations_by_alert_id(self) -> DataLoader[UUID, list[Escalation]]:
        """The steps that an alert climbed."""
        return self._load(escalation.escalations_by_alert_id)

    @cached_property
    def escalations_by_issue_id(self) -> DataLoader[UUID, list[Escalation]]:
        """The steps that all alerts of an issue climbed."""
        return self._load(escalation.escalations_by_issue_id)

    @cached_property
    def contact_method_by_id(self) -> DataLoader[UUID, ContactMethod | None]:
        """The contact method, or none where it is not the caller's to see."""
        return self._load(contact.contact_methods_by_id)

    @cached_property
    def contact_methods_by_developer_id(self) -> DataLoader[UUID, list[ContactMethod]]:
        """Where a developer can be reached."""
        return self._load(contact.contact_methods_by_developer_id)

    @cached_property
    def notification_rule_by_id(self) -> DataLoader[UUID, NotificationRule | None]:
        """The notification rule, or none where it is not the caller's to see."""
        return self._load(contact.notification_rules_by_id)

    @cached_property
    def notification_rules_by_developer_id(self) -> DataLoader[UUID, list[NotificationRule]]:
        """By which ways a developer wants to be told of what."""
        return self._load(contact.notification_rules_by_developer_id)

    @cached_property
    def schedule_by_id(self) -> DataLoader[UUID, Schedule | None]:
        """The schedule, or none where it is out of sight."""
        return self._load(schedule.schedules_by_id)

    @cached_property
    def rotation_by_id(self) -> DataLoader[UUID, Rotation | None]:
        """The rotation, or none where it is out of sight."""
        return self._load(schedule.rotations_by_id)

    @cached_property
    def override_by_id(self) -> DataLoader[UUID, ScheduleOverride | None]:
        """The override, or none where it is out of sight."""
        return self._load(schedule.overrides_by_id)

    @cached_property
    def imported_calendar_by_id(self) -> DataLoader[UUID, ImportedCalendar | None]:
        """The imported calendar, or none where it is out of sight."""
        return self._load(imported.imported_calendars_by_id)

    @cached_property
    def imported_calendars_by_schedule_id(self) -> DataLoader[UUID, list[ImportedCalendar]]:
        """The calendars from which a schedule takes shifts."""
        return self._load(imported.imported_calendars_by_schedule_id)

    @cached_property
    def rotations_by_schedule_id(self) -> DataLoader[UUID, list[Rotation]]:
        """The rotations of a schedule."""
        return self._load(schedule.rotations_by_schedule_id)

    @cached_property
    def participants_by_rotation_id(self) -> DataLoader[UUID, list[Developer]]:
        """Who takes turns in a rotation."""
        return self._load(schedule.participants_by_rotation_id)

    @cached_property
    def overrides_by_asked(self) -> DataLoader[Asked, list[ScheduleOverride]]:
        """The overrides of a schedule in a span."""
        return self._load(overrides_by_asked)

    @cached_property
    def shifts_by_asked(self) -> DataLoader[Asked, list[Shift]]:
        """The shifts of a schedule in a span."""
        return self._load(shifts_by_asked)

    @cached_property
    def shifts_in_time_off_by_asked(self) -> DataLoader[Asked, list[Shift]]:
        """The shifts of a schedule in a span in which whoever has them is off."""
        return self._load(shifts_in_time_off_by_asked)

    @cached_property
    def time_off_by_id(self) -> DataLoader[UUID, TimeOff | None]:
        """The time off, or none where it is out of sight."""
        return self._load(time_off.times_off_by_id)

    @cached_property
    def times_off_by_developer_id(self) -> DataLoader[UUID, list[TimeOff]]:
        """When a developer is off."""
        return self._load(time_off.times_off_by_developer_id)

    @cached_property
    def holding_by_moment(self) -> DataLoader[Moment, list[Held]]:
        """The shifts of a schedule that hold at an instant."""
        return self._load(holding_by_moment)
