// Written by `make sdl`.
/** Which issue you look at. */
export type AcknowledgeIssueInput = {
  /** The issue. */
  issueId: string;
  /** Why, for the timeline; at most 2,000 characters. */
  note?: string | null;
};
/** One step in the life of an issue, and who took it. */
export interface Activity {
  __typename: "Activity";
  /** Global and opaque: pass it as it is. */
  id: string;
  /** What happened. */
  kind: ActivityKind;
  /** When. */
  at: DateTime;
  /** What was said. */
  note: string | null;
  /** What it was exactly; the keys differ with `kind`. */
  details: JSON | null;
  /** The issue that it happened to. */
  issue: Issue;
  /** Who did it; null where you may not see who. */
  actor: Actor | null;
}
/** One page of a list. */
export interface ActivityConnection {
  __typename: "ActivityConnection";
  /** The rows with their cursors. */
  edges: Array<ActivityEdge>;
  /** The rows alone. */
  nodes: Array<Activity>;
  /** Where this page lies in the list. */
  pageInfo: PageInfo;
}
/** One row of a list, and its cursor. */
export interface ActivityEdge {
  __typename: "ActivityEdge";
  /** What to pass as `after` or `before` to go on from here. */
  cursor: string;
  /** The row itself. */
  node: Activity;
}
/** One kind of step in the life of an issue. */
export type ActivityKind =
  /** Its first event came, or it was split off another issue. */
  | "FIRST_SEEN"
  /** It was resolved, and seen again. */
  | "REGRESSED"
  /** Somebody was made responsible. */
  | "ASSIGNED"
  /** Nobody is responsible any more. */
  | "UNASSIGNED"
  /** Somebody is looking at it. */
  | "ACKNOWLEDGED"
  /** Its alert climbed. */
  | "ESCALATED"
  /** It was resolved. */
  | "RESOLVED"
  /** It was opened again by hand, or by a merge with one that was open. */
  | "REOPENED"
  /** It was put to sleep. */
  | "SNOOZED"
  /** Its snooze ended. */
  | "WOKEN"
  /** It is to be quiet for good. */
  | "IGNORED"
  /** Another issue was merged into it, or it into another. */
  | "MERGED"
  /** Some of its keys left for another issue, or came from one. */
  | "SPLIT"
  /** Somebody wrote something. */
  | "COMMENTED"
  /** Its severity was set, or an event was worse than all before. */
  | "SEVERITY_CHANGED"
  /** Somebody was told. */
  | "NOTIFIED"
  /** Somebody who was to be told could not be. */
  | "NOBODY_NOTIFIED"
  /** Its rate was unusual. */
  | "SURGED"
  /** Its alert was resolved, and it was not. */
  | "ALERT_RESOLVED"
  /** Its acknowledgement went stale, and its alert rings again. */
  | "LAPSED";
/** Who acts: a person, a program for a person, a reporter, or Tocsin itself. */
export type Actor = ApiToken | Developer | IngestKey | SystemActor;
/** A demand for a human: it rings until acknowledged, and is over once resolved. */
export interface Alert {
  __typename: "Alert";
  /** Global and opaque: pass it as it is. */
  id: string;
  /** Where it stands. */
  status: AlertStatus;
  /** What called for a human. */
  trigger: AlertTrigger;
  /** How bad the issue was when it began. */
  severity: Severity;
  /** What it says, in one line. */
  message: string;
  /** What the rule that called found, as its trigger counts. */
  value: number | null;
  /** From which value on that rule fires. */
  threshold: number | null;
  /** How many steps it has climbed. */
  level: number;
  /** When it climbs; once acknowledged, when it rings again, unless somebody still has it. */
  nextEscalationAt: DateTime | null;
  /** When it began. */
  triggeredAt: DateTime;
  /** When somebody took it, at its present level. */
  acknowledgedAt: DateTime | null;
  /** When it was over. */
  resolvedAt: DateTime | null;
  /** What it is about. */
  issue: Issue | null;
  /** The project of its issue. */
  project: Project | null;
  /** The policy that it climbs, as it is now; it climbs the steps that there were when it began. Null where none was made for its service, or you may not see it. */
  policy: EscalationPolicy | null;
  /** The alert rule that called, as it is now; null where none did, or you may not see it. */
  rule: AlertRule | null;
  /** The steps that it climbed, first to last. */
  escalations: Array<Escalation>;
  /** Who took it, at its present level. */
  acknowledgedBy: Developer | null;
}
/** An alert took a step. */
export interface AlertChanged {
  __typename: "AlertChanged";
  /** Pass it as `after` to go on just after this. */
  cursor: Cursor;
  /** The step. */
  step: AlertStep;
  /** The level on which the alert was after this step. */
  level: number;
  /** When it took the step. */
  at: DateTime;
  /** The alert, as it is by now, and not as it was at that step. */
  alert: Alert;
}
/** One page of a list. */
export interface AlertConnection {
  __typename: "AlertConnection";
  /** The rows with their cursors. */
  edges: Array<AlertEdge>;
  /** The rows alone. */
  nodes: Array<Alert>;
  /** Where this page lies in the list. */
  pageInfo: PageInfo;
}
/** One row of a list, and its cursor. */
export interface AlertEdge {
  __typename: "AlertEdge";
  /** What to pass as `after` or `before` to go on from here. */
  cursor: string;
  /** The row itself. */
  node: Alert;
}
/** What to do with an alert. */
export type AlertInput = {
  /** The alert. */
  alertId: string;
  /** Why, for the timeline; at most 2,000 characters. */
  note?: string | null;
  /** Whom to escalate to; left out, the next in line. Only for `escalateAlert`. */
  toDeveloperId?: string | null;
};
/** The alert as it is now, or why nothing was done. */
export type AlertResult = Alert | Conflict | InvalidInput | NobodyOnCall | NotFound;
/** What calls for somebody besides what always does. */
export interface AlertRule {
  __typename: "AlertRule";
  /** Global and opaque: pass it as it is. */
  id: string;
  /** The name for people; unique. */
  name: string;
  /** Whether it fires. */
  isEnabled: boolean;
  /** What it looks at. */
  trigger: AlertTrigger;
  /** From which value on it fires. */
  threshold: number | null;
  /** Over how long it counts. */
  window: Duration | null;
  /** What it looks at, as `AlertRuleFilterInput` has it; what is not there lets everything pass. */
  filter: JSON;
  /** By which channels only its recipients are told; empty for those that each has chosen. */
  channels: Array<Channel>;
  /** How long it is quiet about what it fired for. */
  cooldown: Duration;
  /** When it may fire; null for always. */
  activeHours: QuietHours | null;
  /** The text of the messages that it causes; null for that of the template that fits, or the usual. */
  template: string | null;
  /** The only project that it looks at; null for each. */
  project: Project | null;
  /** The policy that its alerts climb; null for that of the service. */
  policy: EscalationPolicy | null;
  /** Whom it tells, as far as you may see them; empty where routing chooses. */
  recipients: Array<EscalationTarget>;
  /** When it fired last in what you may see. */
  lastFiredAt: DateTime | null;
  /** When it would have fired on what is stored, with what it would have counted: a dry run. Null with an error where that is not kept (about users, or with tags), or is too much to be counted again. */
  wouldHaveFired: Array<TimePoint> | null;
}
/** What an alert rule looks at; what is left out lets everything pass. */
export type AlertRuleFilterInput = {
  /** One of these services; at most 100. */
  services?: Array<string>;
  /** One of these environments; at most 100. */
  environments?: Array<string>;
  /** One of these severities. */
  severities?: Array<Severity>;
  /** One of these types of error; at most 100. */
  errorTypes?: Array<string>;
  /** All of these tags, at most 20; for NEW_ISSUE and REGRESSION only. */
  tags?: Array<TagInput>;
};
/** The rule as it is now, or was, or why not. */
export type AlertRuleResult = AlertRule | Conflict | InvalidInput | NotFound;
/** Where an alert stands. */
export type AlertStatus =
  /** Ringing. */
  | "TRIGGERED"
  /** Somebody has it. */
  | "ACKNOWLEDGED"
  /** Over. */
  | "RESOLVED";
/** What an alert went through. */
export type AlertStep =
  /** It began to ring. */
  | "TRIGGERED"
  /** Somebody took it, or said that they still have it. */
  | "ACKNOWLEDGED"
  /** It climbed a level, and rings there. */
  | "ESCALATED"
  /** Whoever took it was asked whether they still have it. */
  | "REMINDED"
  /** They did not say so, and it rings again. */
  | "LAPSED"
  /** It has climbed to its end, and rings on. */
  | "UNANSWERED"
  /** Its issue was merged into another, for which it rings now. */
  | "MOVED"
  /** It is over. */
  | "RESOLVED";
/** What the stream of alerts brings. */
export type AlertStreamItem = AlertChanged | StreamPosition | StreamReset;
/** What called for a human. */
export type AlertTrigger =
  /** An issue seen for the first time. */
  | "NEW_ISSUE"
  /** A resolved issue seen again. */
  | "REGRESSION"
  /** More events than a threshold, or than a snooze was for. */
  | "EVENT_COUNT"
  /** More events a minute than a threshold. */
  | "ERROR_RATE"
  /** More critical events than a threshold. */
  | "CRITICAL_COUNT"
  /** An unusual rate. */
  | "SURGE"
  /** More users than a threshold. */
  | "USERS_AFFECTED"
  /** Unresolved for too long, or still when its snooze was over. */
  | "UNRESOLVED_FOR"
  /** Too many open alerts. */
  | "ALERT_QUEUE"
  /** A pattern seen for the first time. */
  | "NEW_PATTERN"
  /** A person. */
  | "MANUAL";
/** Lets a program act for its owner, within scopes and projects. */
export interface ApiToken {
  __typename: "ApiToken";
  /** Global and opaque: pass it as it is. */
  id: string;
  /** What it is for. */
  name: string;
  /** How its secret begins, to tell tokens apart. */
  prefix: string;
  /** What it may be used for, as far as its owner's role allows. */
  scopes: Array<Scope>;
  /** When it was made. */
  createdAt: DateTime;
  /** When it stops working; null for never. */
  expiresAt: DateTime | null;
  /** When it was last used, to the minute. */
  lastUsedAt: DateTime | null;
  /** The one document that it may run; null for any. */
  document: string | null;
  /** For whom it acts; null where you may not see them. */
  owner: Developer | null;
  /** The projects it is for, of those that you see; null for all that its owner sees. */
  projects: Array<Project> | null;
}
/** The token as it is now, or why not. */
export type ApiTokenResult = ApiToken | InvalidInput | NotFound;
/** Who is to have an issue. */
export type AssignIssueInput = {
  /** The issue. */
  issueId: string;
  /** Who is to have it. Left out: routing chooses who knows the service, is on call and has room, unless somebody has the issue already. */
  developerId?: string | null;
  /** Whose issue it is to be; without `developerId`, routing chooses among its members. */
  teamId?: string | null;
  /** Why, for the timeline; at most 2,000 characters. */
  note?: string | null;
};
/** The issue as it is now, or why nobody was given or told of it. */
export type AssignIssueResult = Conflict | InvalidInput | Issue | NobodyOnCall | NotFound;
/** Something that went before, as the program noted it. */
export interface Breadcrumb {
  __typename: "Breadcrumb";
  /** When it was; null where the reporter gave no readable time. */
  at: DateTime | null;
  /** What kind of thing, as in `http` or `query`. */
  category: string | null;
  /** How grave, in the reporter's words. */
  level: string | null;
  /** What happened. */
  message: string | null;
  /** Details. */
  data: JSON | null;
}
/** Something that happened before the error. */
export type BreadcrumbInput = {
  /** When. */
  at?: DateTime | null;
  /** What kind of thing, such as http or click. */
  category?: string | null;
  /** How bad by itself. */
  level?: string | null;
  /** What, for a person. */
  message?: string | null;
  /** What, for a program; secrets are redacted. */
  data?: JSON | null;
};
/** How long one point of a timeline is. */
export type Bucket =
  /** A minute. */
  | "MINUTE"
  /** An hour. */
  | "HOUR"
  /** A day: of UTC, unless a time zone is given. */
  | "DAY"
  /** A week of such days, from Monday on. */
  | "WEEK";
/** The secret address of a calendar, for programs that subscribe to it. */
export interface CalendarUrl {
  __typename: "CalendarUrl";
  /** The address: whoever has it can read the calendar. Shown this once, and kept nowhere; null where it has none any more. */
  url: string | null;
  /** What it shows; null for your own shifts. */
  schedule: Schedule | null;
}
/** The address, or why not. */
export type CalendarUrlResult = CalendarUrl | InvalidInput | NotFound;
/** A way to reach a person. */
export type Channel =
  /** Mail. */
  | "EMAIL"
  /** Slack. */
  | "SLACK"
  /** Text message. */
  | "SMS"
  /** An HTTP request to an address of yours. */
  | "WEBHOOK"
  /** Inside Tocsin only. */
  | "DASHBOARD"
  /** Telegram. */
  | "TELEGRAM"
  /** PagerDuty. */
  | "PAGERDUTY"
  /** One of the many services that Apprise knows. */
  | "APPRISE";
/** What is to be said beside an issue. */
export type CommentOnIssueInput = {
  /** The issue. */
  issueId: string;
  /** The comment, of 1 to 10,000 characters. */
  body: string;
};
/** The comment on the timeline, or why it was not taken. */
export type CommentResult = Activity | Conflict | InvalidInput | NotFound;
/** The thing is in a state that does not allow it. */
export interface Conflict {
  __typename: "Conflict";
  /** What kind of failure it is. */
  code: FailureCode;
  /** What is wrong, for a person. */
  message: string;
  /** The way to the wrong field of the input. */
  path: Array<string> | null;
}
/** One place where a person can be reached. Shown to themselves, and to ADMINs. */
export interface ContactMethod {
  __typename: "ContactMethod";
  /** Global and opaque: pass it as it is. */
  id: string;
  /** By which way. */
  channel: Channel;
  /** Where, with its secrets left out. */
  value: string;
  /** Whether the code that was sent there was given back. */
  isVerified: boolean;
  /** Whether it is used, once it is verified. */
  isEnabled: boolean;
}
/** The contact method as it is now, or was; or why not. */
export type ContactMethodResult = Conflict | ContactMethod | InvalidInput | NotFound;
/** A whole number up to 2^53. */
export type Count = number;
/** A new alert rule. */
export type CreateAlertRuleInput = {
  /** One line of at most 200 characters; no other rule has it. */
  name: string;
  /** What it looks at; all but MANUAL. */
  trigger: AlertTrigger;
  /** The slug of its only project; left out, each. */
  project?: string | null;
  /** Whether it fires. */
  isEnabled?: boolean;
  /** From which value on it fires: events, events a minute (ERROR_RATE), times the usual (SURGE), users, alerts. Not for NEW_ISSUE, REGRESSION and UNRESOLVED_FOR; NEW_PATTERN may go without. */
  threshold?: number | null;
  /** Over how long events are counted, whole minutes up to P1D; of UNRESOLVED_FOR, how long an issue is left, up to P30D. Not for NEW_ISSUE, REGRESSION, USERS_AFFECTED, ALERT_QUEUE and NEW_PATTERN. */
  window?: Duration | null;
  /** What it looks at. */
  filter?: AlertRuleFilterInput | null;
  /** The policy that its alerts climb; left out, that of the service. */
  policyId?: string | null;
  /** Whom it tells: at most 20 developers, schedules and teams; left out, whom routing chooses. */
  recipients?: Array<string>;
  /** By which channels only they are told; left out, those that each has chosen. */
  channels?: Array<Channel>;
  /** How long it is quiet about what it fired for; PT1M to P7D. */
  cooldown?: Duration;
  /** When it may fire, in UTC unless a time zone is named; left out, always. */
  activeHours?: QuietHoursInput | null;
  /** The text of the messages that it causes, by EMAIL, SLACK, SMS, TELEGRAM and APPRISE: a template of at most 4,000 characters, which goes before all others; left out, that of the template that fits, or the usual. */
  template?: string | null;
};
/** A new API token. */
export type CreateApiTokenInput = {
  /** What it is for: one line of at most 200 characters. */
  name: string;
  /** What it may be used for: nothing that you may not do. */
  scopes: Array<Scope>;
  /** The projects it is for; left out, all that its owner sees. */
  projectIds?: Array<string> | null;
  /** When it stops working; left out, never. */
  expiresAt?: DateTime | null;
  /** For whom it acts; left out, you. Others: ADMIN. */
  ownerId?: string | null;
  /** The one GraphQL document that it may run, with whatever variables; left out, any. */
  document?: string | null;
};
/** The token with its secret, or why not. */
export type CreateApiTokenResult = Conflict | CreatedApiToken | InvalidInput | NotFound;
/** Which calendar is to have a new address. */
export type CreateCalendarUrlInput = {
  /** Which schedule it shows; left out: your own shifts, of all schedules. */
  scheduleId?: string | null;
};
/** A new contact method. */
export type CreateContactMethodInput = {
  /** By which way; the dashboard needs none. */
  channel: Channel;
  /** EMAIL: an address. SMS: +4915112345678. SLACK: U… or C… for the bot, or the URL of an incoming webhook. WEBHOOK: a URL. TELEGRAM: the number of a chat or @name. PAGERDUTY: a routing key. APPRISE: an address of one of its services, such as ntfys://ntfy.example.com/topic. */
  value: string;
  /** Whose; left out, yours. Needs ADMIN. */
  developerId?: string | null;
};
/** The contact method, or why not. */
export type CreateContactMethodResult = Conflict | CreatedContactMethod | InvalidInput | NotFound;
/** A new developer. */
export type CreateDeveloperInput = {
  /** One line of at most 200 characters. */
  name: string;
  /** A mail address that no other developer has. */
  email: string;
  /** At most your own. */
  role?: Role;
  /** A name of the IANA database, such as Europe/Berlin. */
  timezone?: string;
  /** The services they know, at most 200. */
  services?: Array<string>;
  /** Whom their alerts climb to. */
  managerId?: string | null;
  /** From 0 to 1000. */
  maxLoad?: number;
};
/** A new escalation policy. */
export type CreateEscalationPolicyInput = {
  /** One line of at most 200 characters; no other policy has it. */
  name: string;
  /** 1 to 20 steps, first to last. */
  steps: Array<EscalationStepInput>;
  /** Whose it is: for alerts of that team's projects only; left out, for all projects. */
  teamId?: string | null;
  /** For which services, at most 200; `*` for all that no other policy names. */
  services?: Array<string>;
  /** How many times the steps begin anew; from 0 to 9. */
  repeat?: number;
};
/** A calendar from which a schedule is to take shifts: its `url`, or its `text`. */
export type CreateImportedCalendarInput = {
  /** Which schedule; it takes shifts from at most 5. */
  scheduleId: string;
  /** One line of at most 200 characters. */
  name: string;
  /** Where it is (https, http or webcal); it is read again and again. */
  url?: string | null;
  /** What is in it (iCalendar, RFC 5545), at most 1,048,576 bytes. */
  text?: string | null;
};
/** The calendar as it was read, or why not. */
export type CreateImportedCalendarResult = Conflict | ImportedCalendar | InvalidInput | NotFound;
/** A new ingest key. */
export type CreateIngestKeyInput = {
  /** The project to which it lets programs log. */
  projectId: string;
  /** What it is for: one line of at most 200 characters. */
  name: string;
  /** How many events a minute it may log, from 1; left out, any number. */
  rateLimitPerMinute?: number | null;
};
/** A new notification rule. */
export type CreateNotificationRuleInput = {
  /** By which way; the dashboard needs none. */
  channel: Channel;
  /** From which severity on. */
  minSeverity: Severity;
  /** Which list. One that has a rule decides alone; else the severity does. */
  importance?: Importance;
  /** How long after, at most a day. */
  delay?: Duration;
  /** When not. */
  quietHours?: QuietHoursInput | null;
  /** Gather what it brings, but what is CRITICAL, into one message at the end of each such span, counted from 08:00 by the developer's clock: from PT5M to P1D, in minutes, dividing a day. NORMAL only. */
  digestEvery?: Duration | null;
  /** Whose; left out, yours. Needs ADMIN. */
  developerId?: string | null;
};
/** A new template of messages. */
export type CreateNotificationTemplateInput = {
  /** EMAIL, SLACK, SMS, TELEGRAM or APPRISE. */
  channel: Channel;
  /** The text; at most 4,000 characters. */
  text: string;
  /** The subject of a mail, at most 500 characters; left out, the usual one. */
  subject?: string | null;
  /** NEW_ISSUE, REGRESSION, ASSIGNMENT, ALERT, ESCALATION or TARGET; left out, all of these that have no template of their own. Or HANDOFF; or, by EMAIL only, DAILY_SUMMARY, WARNING or EVENTS_DROPPED. What may be said of each is in docs/notifications.md. */
  kind?: NotificationKind | null;
  /** The slug of its only project; left out, all. Not for HANDOFF, DAILY_SUMMARY and WARNING. */
  project?: string | null;
};
/** The template, or why not. */
export type CreateNotificationTemplateResult = Conflict | InvalidInput | NotificationTemplate;
/** A new override. */
export type CreateOverrideInput = {
  /** In which schedule. */
  scheduleId: string;
  /** From when on; it counts from now on at the earliest. */
  start: DateTime;
  /** Until just before when: in the future, at most 366 days later. */
  end: DateTime;
  /** Who is to be on call. */
  addId?: string | null;
  /** Who is not to be; with `addId`, that one is on call wherever this one would be. */
  removeId?: string | null;
  /** Why: one line of at most 200 characters. */
  note?: string | null;
};
/** A new project. */
export type CreateProjectInput = {
  /** At most 50 of a-z, 0-9 and single hyphens; no other project has it, and it stays. */
  slug: string;
  /** One line of at most 200 characters. */
  name: string;
  /** How much it may log; left out, as the server is set (TOCSIN_DEFAULT_PLAN). */
  plan?: Plan | null;
  /** How long its events are kept, P1D to P3650D; left out, as long as the server is set. */
  retention?: Duration | null;
  /** How many events are kept at most, 1,000 to 10,000,000; left out, without a bound. */
  maxEvents?: number | null;
  /** Its own words for secrets, each of at least 3 letters, at most 200. */
  redactKeys?: Array<string>;
  /** Who is told when nobody else can be. */
  ownerId?: string | null;
};
/** A new rotation. */
export type CreateRotationInput = {
  /** In which schedule, which has at most 10. */
  scheduleId: string;
  /** One line of at most 200 characters. */
  name: string;
  /** In what `length` is counted. */
  kind: RotationKind;
  /** How many of them a turn lasts, from 1 to 1000. */
  length?: number;
  /** When the first turn begins: every hand-off follows from it. */
  startsAt: DateTime;
  /** Who takes turns, in this order, at most 100; one who is in it twice has two turns. */
  participantIds: Array<string>;
  /** The days on which it counts, 1 (Monday) to 7 (Sunday); none: every day. */
  activeDays?: Array<number>;
  /** From which time on it counts: 22:00. */
  activeFrom?: string | null;
  /** Before which time it counts: 06:00, of the next day where it is not after `activeFrom`. */
  activeUntil?: string | null;
};
/** A search to keep. */
export type CreateSavedSearchInput = {
  /** What people call it; at most 100 characters. */
  name: string;
  /** The search; it must be one that can be understood. */
  search: string;
  /** What it searches. */
  subject?: SearchSubject;
  /** What issues are sorted by; left out, as the list has it. Not for events. */
  orderBy?: IssueOrder | null;
  /** The team to share it with, one of yours (with ADMIN, any). */
  teamId?: string | null;
  /** The slug of the project to share it in, instead of a team. */
  project?: string | null;
};
/** The search, or why not. */
export type CreateSavedSearchResult = Conflict | InvalidInput | NotFound | SavedSearch;
/** A new schedule. */
export type CreateScheduleInput = {
  /** One line of at most 200 characters; no other schedule has it. */
  name: string;
  /** A name of the IANA database, such as Europe/Berlin. */
  timezone?: string;
  /** The services that it is for, at most 200; none: all. */
  services?: Array<string>;
  /** Whose it is; left out, everybody sees it. */
  teamId?: string | null;
  /** Whether people are told when they come on call, and go. */
  notifyHandoff?: boolean;
  /** How long before they come on call they are told besides: a minute to seven days. */
  notifyAhead?: Duration | null;
};
/** A new signing secret. */
export type CreateSigningSecretInput = {
  /** The key whose webhooks are to be signed. */
  ingestKeyId: string;
};
/** The secret with its key, or why not. */
export type CreateSigningSecretResult = Conflict | CreatedSigningSecret | InvalidInput | NotFound;
/** A new team. */
export type CreateTeamInput = {
  /** At most 50 of a-z, 0-9 and single hyphens; no other team has it. */
  slug: string;
  /** One line of at most 200 characters. */
  name: string;
  /** Who leads it. */
  leadId?: string | null;
  /** Who is in it, at most 500. */
  memberIds?: Array<string>;
  /** The projects that its members see, at most 500. */
  projectIds?: Array<string>;
};
/** A new time off. */
export type CreateTimeOffInput = {
  /** From when on. */
  start: DateTime;
  /** Until just before when: in the future, at most 366 days later. */
  end: DateTime;
  /** Whose; left out, yours. Needs ADMIN. */
  developerId?: string | null;
};
/** The time off, or why not. */
export type CreateTimeOffResult = Conflict | InvalidInput | NotFound | TimeOff;
/** A token, and the secret that goes with it. */
export interface CreatedApiToken {
  __typename: "CreatedApiToken";
  /** The token. */
  apiToken: ApiToken;
  /** What a program sends. Shown this once, and kept nowhere. */
  secret: string;
}
/** A contact method, and the secret by which what goes there is signed. */
export interface CreatedContactMethod {
  __typename: "CreatedContactMethod";
  /** The contact method. */
  contactMethod: ContactMethod;
  /** By what its receiver can tell that a webhook is ours; null for other channels. Shown this once. */
  signingSecret: string | null;
}
/** An ingest key, and the secret by which its webhooks are signed. */
export interface CreatedSigningSecret {
  __typename: "CreatedSigningSecret";
  /** The key. */
  ingestKey: IngestKey;
  /** What the sender signs with. Shown this once. */
  secret: string;
}
/** What to pass as `after`: opaque, carries its epoch and day. */
export type Cursor = string;
/** An instant, RFC 3339, always UTC on the way out. */
export type DateTime = string;
/** Which alert rule is to go. */
export type DeleteAlertRuleInput = {
  /** Which. */
  alertRuleId: string;
};
/** Which calendar is to have no address any more. */
export type DeleteCalendarUrlInput = {
  /** Which schedule it shows; left out: your own shifts. */
  scheduleId?: string | null;
};
/** A contact method that is to go. */
export type DeleteContactMethodInput = {
  /** Which. */
  contactMethodId: string;
};
/** Which escalation policy is to go. */
export type DeleteEscalationPolicyInput = {
  /** Which. */
  policyId: string;
};
/** An imported calendar that is to go. */
export type DeleteImportedCalendarInput = {
  /** Which. */
  importedCalendarId: string;
};
/** A notification rule that is to go. */
export type DeleteNotificationRuleInput = {
  /** Which. */
  notificationRuleId: string;
};
/** Which template is to go. */
export type DeleteNotificationTemplateInput = {
  /** Which. */
  notificationTemplateId: string;
};
/** An override that is to go. */
export type DeleteOverrideInput = {
  /** Which. */
  overrideId: string;
};
/** A rotation that is to go. */
export type DeleteRotationInput = {
  /** Which. */
  rotationId: string;
};
/** Which search is to be kept no longer. */
export type DeleteSavedSearchInput = {
  /** Which. */
  savedSearchId: string;
};
/** A schedule that is to go. */
export type DeleteScheduleInput = {
  /** Which. */
  scheduleId: string;
};
/** A signing secret that is to go. */
export type DeleteSigningSecretInput = {
  /** The key whose webhooks need not be signed any more. */
  ingestKeyId: string;
};
/** The key as it is now, or why not. */
export type DeleteSigningSecretResult = IngestKey | InvalidInput | NotFound;
/** A source map that is to go. */
export type DeleteSourceMapInput = {
  /** Which. */
  sourceMapId: string;
};
/** A time off that is to go. */
export type DeleteTimeOffInput = {
  /** Which. */
  timeOffId: string;
};
/** One try to deliver a notification, and what came of it. */
export interface DeliveryAttempt {
  __typename: "DeliveryAttempt";
  /** When it began. */
  at: DateTime;
  /** Whether the recipient's server took it. */
  succeeded: boolean;
  /** The server's answer as a number; null where none came. */
  statusCode: number | null;
  /** What the server said, or what went wrong. */
  detail: string | null;
  /** How long it took. */
  durationMs: number;
}
/** A person who triages, and is told. */
export interface Developer {
  __typename: "Developer";
  /** Global and opaque: pass it as it is. */
  id: string;
  /** What people call them. */
  name: string;
  /** Where their mail goes; unique. */
  email: string;
  /** What they may do. */
  role: Role;
  /** Where their clock is, by the IANA database: Europe/Berlin. */
  timezone: string;
  /** The `currentLoad` from which on routing gives them nothing more. */
  maxLoad: number;
  /** The teams they are in, as far as you may see them, by slug. */
  teams: Array<Team>;
  /** The services they know: routing chooses by these. */
  services: Array<string>;
  /** Whether they are on call now, by hand or by a schedule. */
  isOnCall: boolean;
  /** When their present duty ends, the latest of several; null where it has no end (by a schedule: none in 100 days), or they are not on call. */
  onCallUntil: DateTime | null;
  /** How many unresolved issues are theirs, in all projects. */
  currentLoad: number;
  /** Whom their alerts climb to; null where there is nobody, or nobody you may see. */
  manager: Developer | null;
  /** The issues that are theirs, as far as you may see them, the latest seen first. */
  assigned: IssueConnection;
  /** When they are off, from now on, by start. */
  timeOff: Array<TimeOff>;
  /** Where they can be reached besides their mail: your own, and as ADMIN those of all. */
  contactMethods: Array<ContactMethod>;
  /** By which ways they want to be told of what: your own, and as ADMIN those of all. */
  notificationRules: Array<NotificationRule>;
  /** Their tokens that are of use, oldest first: your own, and as ADMIN those of all. */
  apiTokens: Array<ApiToken>;
}
/** One page of a list that can be counted. */
export interface DeveloperConnection {
  __typename: "DeveloperConnection";
  /** The rows with their cursors. */
  edges: Array<DeveloperEdge>;
  /** The rows alone. */
  nodes: Array<Developer>;
  /** Where this page lies in the list. */
  pageInfo: PageInfo;
  /** How many rows the whole list has, counting no further than 10,000. */
  totalCount: Count;
}
/** One row of a list, and its cursor. */
export interface DeveloperEdge {
  __typename: "DeveloperEdge";
  /** What to pass as `after` or `before` to go on from here. */
  cursor: string;
  /** The row itself. */
  node: Developer;
}
/** The developer as they are now, or why not. */
export type DeveloperResult = Conflict | Developer | InvalidInput | NotFound;
/** How much of a kind SDKs discarded for a reason, by their own count. */
export interface DiscardedCount {
  __typename: "DiscardedCount";
  /** Why, in Sentry's words, such as `before_send`; `other` for all else. */
  reason: string;
  /** Of what, in Sentry's words, such as `error`; `other` for all else. */
  category: string;
  /** How much. */
  count: Count;
}
/** An ISO 8601 duration such as PT15M. */
export type Duration = string;
/** A service of a project that you may see, where other issues have the same error type and template. */
export interface Elsewhere {
  __typename: "Elsewhere";
  /** The service. */
  service: string;
  /** How many other issues it has. */
  issueCount: Count;
  /** How many events those have had. */
  eventCount: Count;
  /** When the latest of those came. */
  lastSeenAt: DateTime;
  /** The project. */
  project: Project;
}
/** A person who is to be taken out of a project, by at least one thing that is known. */
export type ErasePersonInput = {
  /** Which project. */
  projectId: string;
  /** The `id` that reporters give of the user. */
  id?: string | null;
  /** The mail address. */
  email?: string | null;
  /** The name that the user logs in with. */
  username?: string | null;
  /** The address from which the user came. */
  ipAddress?: string | null;
};
/** How far the erasure has come, or why there is none. */
export type ErasePersonResult = Erasure | InvalidInput | NotFound;
/** A person who is taken out of a project; who it is, is not kept. */
export interface Erasure {
  __typename: "Erasure";
  /** When it was asked for. */
  requestedAt: DateTime;
  /** When it was done; null while the worker is at it. */
  finishedAt: DateTime | null;
  /** How many events were looked at so far. */
  eventsRead: Count;
  /** How many of them held something of the person. */
  eventsChanged: Count;
}
/** An event was logged. */
export interface ErrorLogged {
  __typename: "ErrorLogged";
  /** Pass it as `after` to go on just after this. */
  cursor: Cursor;
  /** The event. */
  event: Event;
  /** The issue that it belongs to, as it is by now. */
  issue: Issue;
  /** Whether it was the first of its issue. */
  isNew: boolean;
  /** Whether it brought back an issue that was resolved. */
  isRegression: boolean;
}
/** What the stream of events brings. */
export type ErrorStreamItem = ErrorLogged | StreamPosition | StreamReset;
/** Which issue needs somebody higher up. */
export type EscalateIssueInput = {
  /** The issue. */
  issueId: string;
  /** Why, for whom it goes to; at most 2,000 characters. */
  reason: string;
  /** Who is to be told. Left out: the manager of who was told last, else the lead of the team, else who answers for the project; those told before are passed over while there is anybody else. */
  toDeveloperId?: string | null;
};
/** One step that an alert climbed: from whom, to whom, why. */
export interface Escalation {
  __typename: "Escalation";
  /** Global and opaque: pass it as it is. */
  id: string;
  /** How high the alert is since: 1 after its first step. */
  level: number;
  /** Why, in a person's words, or in those of the policy. */
  reason: string;
  /** Whether time did it, and not a person. */
  isAutomatic: boolean;
  /** When. */
  at: DateTime;
  /** The alert that climbed. */
  alert: Alert;
  /** Who had it before; null where nobody did. */
  from: Developer | null;
  /** Who was told, as far as you may see them. */
  to: Array<Developer>;
}
/** The steps that the alerts of some services climb until somebody acknowledges them. */
export interface EscalationPolicy {
  __typename: "EscalationPolicy";
  /** Global and opaque: pass it as it is. */
  id: string;
  /** The name for people; unique. */
  name: string;
  /** For which services; `*` for all that no other policy names. */
  services: Array<string>;
  /** How many times the steps begin anew after the last. */
  repeat: number;
  /** Its steps, first to last. */
  steps: Array<EscalationStep>;
  /** Whose it is: for alerts of that team's projects only; null for all projects. */
  team: Team | null;
}
/** The policy as it is now, or was, or why not. */
export type EscalationPolicyResult = Conflict | EscalationPolicy | InvalidInput | NotFound;
/** One step of a policy. */
export interface EscalationStep {
  __typename: "EscalationStep";
  /** How high an alert is that has taken it: 1 for the first. */
  level: number;
  /** How long after the step before it; of the first, after the alert began. */
  delay: Duration;
  /** By which channels only; empty for those that each person has chosen. */
  channels: Array<Channel>;
  /** Whom it tells, as far as you may see them. */
  targets: Array<EscalationTarget>;
}
/** One step of a policy. */
export type EscalationStepInput = {
  /** How long after the step before it, PT1M to PT150H; of the first, after the alert began, also PT0S. */
  delay: Duration;
  /** Whom it tells: 1 to 20 developers, schedules and teams. */
  targets: Array<string>;
  /** By which channels only; left out, those that each person has chosen. */
  channels?: Array<Channel>;
};
/** Whom a step tells: one developer, whoever is on call in a schedule, or the members of a team. */
export type EscalationTarget = Developer | Schedule | Team;
/** One report of an error, immutable. */
export interface Event {
  __typename: "Event";
  /** Global and opaque: pass it as it is. */
  id: string;
  /** The reporter's own id, or the one given at the door. */
  eventId: string;
  /** What reported. */
  service: string;
  /** Where it runs, as in `production`. */
  environment: string;
  /** Which version of it runs. */
  release: string | null;
  /** How bad it is. */
  severity: Severity;
  /** The class or kind of the error. */
  errorType: string;
  /** The application's own code of it. */
  errorCode: string | null;
  /** What it said. */
  message: string;
  /** Where it happened, in a few words. */
  culprit: string | null;
  /** The dialect in which it came. */
  source: IngestSource;
  /** What had to be mended or dropped to accept it. */
  ingestNotes: Array<string>;
  /** When it happened, by the reporter's clock. */
  occurredAt: DateTime;
  /** When it came in. */
  receivedAt: DateTime;
  /** The build of that release, where several differ. */
  dist: string | null;
  /** Oldest cause first, the one thrown last; frames oldest first. */
  exceptions: Array<ExceptionInfo>;
  /** The stack trace as it was sent in text, or its frames as they were before source maps. */
  rawStackTrace: string | null;
  /** The module where it happened. */
  module: string | null;
  /** The function where it happened. */
  function: string | null;
  /** The line where it happened. */
  line: number | null;
  /** What was called, as in `POST /orders`. */
  endpoint: string | null;
  /** The request during which it happened. */
  request: RequestInfo | null;
  /** The answer that was sent or received. */
  response: ResponseInfo | null;
  /** To whom it happened. */
  user: UserInfo | null;
  /** The session in which it happened. */
  sessionId: string | null;
  /** The machine on which it happened. */
  serverName: string | null;
  /** The distributed trace that it belongs to. */
  traceId: string | null;
  /** The span of that trace. */
  spanId: string | null;
  /** Labels that the reporter chose. */
  tags: Array<Tag>;
  /** What went before, oldest first. */
  breadcrumbs: Array<Breadcrumb>;
  /** What else the reporter had to say, with secrets redacted. */
  contexts: JSON | null;
  /** The library that reported. */
  sdk: SdkInfo | null;
  /** The issue that it belongs to now. */
  issue: Issue;
  /** Why it landed in its issue: the key that it came by, and each part that might count. */
  grouping: GroupingExplanation;
  /** The project that it was logged to. */
  project: Project;
  /** What people said of it, newest first. */
  feedback: FeedbackConnection;
}
/** One way to name an event. */
export type EventBy = { id: string } | { eventId: EventIdIn };
/** One page of a list that can be counted. */
export interface EventConnection {
  __typename: "EventConnection";
  /** The rows with their cursors. */
  edges: Array<EventEdge>;
  /** The rows alone. */
  nodes: Array<Event>;
  /** Where this page lies in the list. */
  pageInfo: PageInfo;
  /** How many rows the whole list has, counting no further than 10,000. */
  totalCount: Count;
}
/** One row of a list, and its cursor. */
export interface EventEdge {
  __typename: "EventEdge";
  /** What to pass as `after` or `before` to go on from here. */
  cursor: string;
  /** The row itself. */
  node: Event;
}
/** Which events: those that pass every part that is given. Lists take up to 100 values. */
export type EventFilter = {
  /** Slugs of projects. Left out: all; an empty list: none. */
  project?: Array<string> | null;
  /** Services that reported. Left out: all; an empty list: none. */
  service?: Array<string> | null;
  /** Environments. Left out: all; an empty list: none. */
  environment?: Array<string> | null;
  /** Severities. Left out: all; an empty list: none. */
  severity?: Array<Severity> | null;
  /** The least severity. */
  minSeverity?: Severity | null;
  /** Releases. Left out: all; an empty list: none. */
  release?: Array<string> | null;
  /** Classes of the error. Left out: all; an empty list: none. */
  errorType?: Array<string> | null;
  /** Issues that they belong to now. Left out: all; an empty list: none. */
  issue?: Array<string> | null;
  /** When they came in. */
  received?: TimeRange | null;
};
/** The name that the reporter, or the door, gave an event. */
export type EventIdIn = {
  /** Slug of the project; left out, all that you may see are searched. */
  project?: string | null;
  /** The id: a UUID in any of its spellings, or any other text as it is. */
  eventId: string;
};
/** One exception of a chain. */
export interface ExceptionInfo {
  __typename: "ExceptionInfo";
  /** Its class. */
  type: string;
  /** What it said. */
  message: string | null;
  /** Where its class is from. */
  module: string | null;
  /** Whether the program caught it; null where nobody said. */
  handled: boolean | null;
  /** Its stack, oldest call first. */
  frames: Array<StackFrame>;
}
/** One exception of a chain. */
export type ExceptionInput = {
  /** Its class, such as ValueError. */
  type: string;
  /** What it says. */
  message?: string | null;
  /** The module of its class. */
  module?: string | null;
  /** Whether somebody caught it. */
  handled?: boolean | null;
  /** The stack, oldest call first. */
  frames?: Array<StackFrameInput> | null;
};
/** Every failure: `... on Failure { code message }` covers them all. */
export type Failure = Conflict | InvalidInput | NobodyOnCall | NotFound | RateLimited;
/** What kind of failure it is. */
export type FailureCode =
  /** A field is wrong; `path` leads to it. */
  | "INVALID_INPUT"
  /** There is no such thing, or you may not see it. */
  | "NOT_FOUND"
  /** The thing is in a state that does not allow it. */
  | "CONFLICT"
  /** Nobody is there who could be told. */
  | "NOBODY_ON_CALL"
  /** A limit is used up: try again later. */
  | "RATE_LIMITED";
/** What a person said of an event, or without one, through an SDK. */
export interface Feedback {
  __typename: "Feedback";
  /** Global and opaque: pass it as it is. */
  id: string;
  /** The words, with secrets redacted. */
  message: string;
  /** Who said so, by the name that was given. */
  name: string | null;
  /** Where to answer. */
  email: string | null;
  /** The page on which it was said, with secrets redacted. */
  url: string | null;
  /** When it came in. */
  at: DateTime;
  /** The reporter's own id of the event that it is about. */
  eventId: string | null;
  /** The event that it is about; null where it names none, or one that is not there. */
  event: Event | null;
  /** The issue of that event, also after the event was dropped. */
  issue: Issue | null;
  /** The project to which it was sent. */
  project: Project;
}
/** One page of a list. */
export interface FeedbackConnection {
  __typename: "FeedbackConnection";
  /** The rows with their cursors. */
  edges: Array<FeedbackEdge>;
  /** The rows alone. */
  nodes: Array<Feedback>;
  /** Where this page lies in the list. */
  pageInfo: PageInfo;
}
/** One row of a list, and its cursor. */
export interface FeedbackEdge {
  __typename: "FeedbackEdge";
  /** What to pass as `after` or `before` to go on from here. */
  cursor: string;
  /** The row itself. */
  node: Feedback;
}
/** Where a field of an event comes from in the payload of a generic webhook. */
export interface FieldMapping {
  __typename: "FieldMapping";
  /** A field of `LogErrorInput`, or a part of one, as in `user.email`. */
  field: string;
  /** Names and indexes joined by dots, as in `data.errors.0.title`. */
  path: string | null;
  /** What it always is. */
  constant: string | null;
}
/** Where a field of an event comes from in the payload of a generic webhook. */
export type FieldMappingInput = {
  /** A field of `LogErrorInput` but `project`, or a part of `user`, `request`, `response`, `tags` or `contexts`, as in `user.email` or `tags.region`. */
  field: string;
  /** Names and indexes joined by dots, as in `data.errors.0.title`; at most 20, 500 characters in all. A dot in a name has a backslash before it. */
  path?: string | null;
  /** What it always is, at most 1,000 characters. Give either this or `path`. */
  constant?: string | null;
};
/** Events that pass every pattern given have this fingerprint; the first such rule decides. */
export interface FingerprintRule {
  __typename: "FingerprintRule";
  /** The type of the event, or of an exception in it. */
  errorType: string | null;
  /** The file of one of its frames. */
  path: string | null;
  /** Its message, or that of an exception in it. */
  message: string | null;
  /** What reported it. */
  service: string | null;
  /** What such events have in common; `{{ default }}` stands for the computed key. */
  fingerprint: Array<string>;
}
/** Events that pass every pattern given, at least one, have this fingerprint, not that of the reporter. */
export type FingerprintRuleInput = {
  /** 1 to 20 parts of at most 500 characters; `{{ default }}` stands for the computed key. */
  fingerprint: Array<string>;
  /** Passes the type of the event, or of an exception in it, the whole of it: `*` stands for any characters, `?` for one. */
  errorType?: string | null;
  /** Passes a frame by its file, the whole of it: `*` stands for any characters, `?` for one; folders are parted by `/`. */
  path?: string | null;
  /** Passes the message of the event, or of an exception in it, the whole of it: `*` stands for any characters, `?` for one. */
  message?: string | null;
  /** Passes what reported it, the whole of it: `*` stands for any characters, `?` for one. */
  service?: string | null;
};
/** One part of an event that might count for its grouping keys. */
export interface GroupingComponent {
  __typename: "GroupingComponent";
  /** Which part. */
  name: string;
  /** What is in it. */
  value: string;
  /** Whether it counts. */
  counted: boolean;
  /** Why it does or does not. */
  reason: string;
}
/** Why events land in an issue, or one event did. */
export interface GroupingExplanation {
  __typename: "GroupingExplanation";
  /** The newest version of the rules among its keys. */
  version: number;
  /** The grouping keys that lead to the issue, in hex, oldest first; of an event, the one it came by. */
  keys: Array<string>;
  /** The parts of the event, or of the issue's newest; none once that is older than events are kept. */
  components: Array<GroupingComponent>;
}
/** Events of one issue that would be in another one. */
export interface GroupingMove {
  __typename: "GroupingMove";
  /** The number of the new issue that they would be in, from 1; null where `to` says which it is. */
  newIssue: number | null;
  /** How many events. */
  events: number;
  /** The issue that they are in. */
  from: Issue;
  /** The issue that they would be in; null for a new one. */
  to: Issue | null;
}
/** A project's own rules of grouping, in the order in which they are tried. */
export interface GroupingRules {
  __typename: "GroupingRules";
  /** Which events are one issue. */
  fingerprint: Array<FingerprintRule>;
  /** Which code is your own. */
  inApp: Array<InAppRule>;
}
/** Which events rules would have led to another issue. Nothing is changed by asking. */
export interface GroupingRulesDryRun {
  __typename: "GroupingRulesDryRun";
  /** How many events were looked at: the newest, at most 1,000. */
  examined: number;
  /** All events that were received since then were looked at. */
  since: DateTime;
  /** Whether there may be older ones of the last week. */
  isCut: boolean;
  /** How many of them would be in another issue. */
  moving: number;
  /** From which issue to which, most events first. */
  moves: Array<GroupingMove>;
}
/** All rules of grouping of a project: at most 50 of each kind, the first that fits decides. */
export type GroupingRulesInput = {
  /** Which events are one issue. */
  fingerprint?: Array<FingerprintRuleInput>;
  /** Which code is your own. */
  inApp?: Array<InAppRuleInput>;
};
/** Which issue is to be quiet for good. */
export type IgnoreIssueInput = {
  /** The issue. */
  issueId: string;
  /** Why, for the timeline; at most 2,000 characters. */
  note?: string | null;
};
/** Which of a person's two lists of notification rules counts. */
export type Importance =
  /** What is told by day as by night. */
  | "NORMAL"
  /** What an escalation policy calls important. */
  | "IMPORTANT";
/** A calendar that is kept elsewhere, from which a schedule takes shifts. */
export interface ImportedCalendar {
  __typename: "ImportedCalendar";
  /** Global and opaque: pass it as it is. */
  id: string;
  /** The name for people. */
  name: string;
  /** Where it is read again and again, without what follows the host; null where its text was given. */
  url: string | null;
  /** When it was last read as a whole: its shifts are as of then. */
  readAt: DateTime;
  /** Why it cannot be read since `failedAt`; null where it can. */
  failure: string | null;
  /** Since when it cannot be read. */
  failedAt: DateTime | null;
  /** How many shifts it has, from then on and 400 days ahead. */
  shiftCount: number;
  /** The titles of the first 20 of its entries that mean nobody, or nobody alone, each with a date: in them nobody is on call by this calendar. */
  unmatched: Array<string>;
}
/** The calendar as it is now, or was, or why not. */
export type ImportedCalendarResult = ImportedCalendar | InvalidInput | NotFound;
/** Frames that pass every pattern given are your own code, or are not; the first decides. */
export interface InAppRule {
  __typename: "InAppRule";
  /** The file of the frame. */
  path: string | null;
  /** Its module, class or package. */
  module: string | null;
  /** Whether such a frame is your own code. */
  inApp: boolean;
}
/** Frames that pass every pattern given, at least one, are your own code, or are not. */
export type InAppRuleInput = {
  /** Whether such a frame is your own code. */
  inApp: boolean;
  /** Passes a frame by its file, the whole of it: `*` stands for any characters, `?` for one; folders are parted by `/`. */
  path?: string | null;
  /** Passes its module, class or package, the whole of it: `*` stands for any characters, `?` for one. */
  module?: string | null;
};
/** Which reports a project turns away as FILTERED. Patterns have `*` and `?`; case does not count. */
export interface InboundFilters {
  __typename: "InboundFilters";
  /** Patterns of messages, also as `Type: message`. */
  messages: Array<string>;
  /** Patterns of releases. */
  releases: Array<string>;
  /** Patterns of environments. */
  environments: Array<string>;
  /** Those whose stack has code of a browser extension. */
  browserExtensions: boolean;
  /** Those whose visitor was a search engine or another robot. */
  webCrawlers: boolean;
  /** Those of pages and requests of the developer's own machine. */
  localhost: boolean;
}
/** All that a project turns away; what is left out it lets in. */
export type InboundFiltersInput = {
  /** Patterns of messages, at most 100 of 500 characters. */
  messages?: Array<string>;
  /** Patterns of releases, at most 100. */
  releases?: Array<string>;
  /** Patterns of environments, at most 100. */
  environments?: Array<string>;
  /** Those whose stack has code of a browser extension. */
  browserExtensions?: boolean;
  /** Those whose visitor was a search engine or another robot. */
  webCrawlers?: boolean;
  /** Those of pages and requests of the developer's own machine. */
  localhost?: boolean;
};
/** Lets a program log to one project, and nothing else: public, it sits in browsers. */
export interface IngestKey {
  __typename: "IngestKey";
  /** Global and opaque: pass it as it is. */
  id: string;
  /** What it is for. */
  name: string;
  /** What a program sends: `Authorization: Bearer …`. */
  publicKey: string;
  /** Whether it is of use: false once it was revoked. */
  isActive: boolean;
  /** When it was made. */
  createdAt: DateTime;
  /** When it was last used, to the minute. */
  lastUsedAt: DateTime | null;
  /** Whether it has a signing secret: then it is good for signed webhooks only. */
  isSigned: boolean;
  /** How payloads of `/webhook/generic/` are read; of several entries for a field the first counts. */
  mapping: Array<FieldMapping>;
  /** How many events a minute it may log; null for any number. */
  rateLimitPerMinute: number | null;
  /** The address that Sentry's SDKs are given. */
  dsn: string;
}
/** The key as it is now, or why not. */
export type IngestKeyResult = Conflict | IngestKey | InvalidInput | NotFound;
/** What became of a report. */
export type IngestOutcome =
  /** On disk. */
  | "STORED"
  /** Safe, and stored once the database is back. */
  | "SPOOLED"
  /** Its `eventId` was stored before. */
  | "DUPLICATE"
  /** Dropped by a rule of the project. */
  | "FILTERED"
  /** Refused for now; try again later. */
  | "RATE_LIMITED"
  /** Refused; `failure` says why. */
  | "INVALID";
/** The dialect in which a report came. */
export type IngestSource =
  /** `logError` or `logErrors`. */
  | "GRAPHQL"
  /** JSON over HTTP. */
  | "REST"
  /** A Sentry SDK. */
  | "SENTRY"
  /** An OpenTelemetry exporter. */
  | "OTLP"
  /** The Laravel webhook. */
  | "LARAVEL"
  /** The Java webhook. */
  | "JAVA"
  /** The webhook for browsers. */
  | "FRONTEND"
  /** The webhook for mobile apps. */
  | "MOBILE"
  /** The generic webhook. */
  | "GENERIC"
  /** Tocsin itself. */
  | "INTERNAL";
/** A field of the input is wrong. */
export interface InvalidInput {
  __typename: "InvalidInput";
  /** What kind of failure it is. */
  code: FailureCode;
  /** What is wrong, for a person. */
  message: string;
  /** The way to the wrong field of the input. */
  path: Array<string> | null;
}
/** Every event with one grouping key in one project: the thing that people triage. */
export interface Issue {
  __typename: "Issue";
  /** Global and opaque: pass it as it is. */
  id: string;
  /** Readable and stable: CHECKOUT-1F. */
  shortId: string;
  /** What to call it in a list. */
  title: string;
  /** The class or kind of the error. */
  errorType: string;
  /** What its first event said. */
  message: string;
  /** Where it happens, in a few words. */
  culprit: string | null;
  /** What reports it. */
  service: string;
  /** The worst seen, unless it was set by hand. */
  severity: Severity;
  /** Where triage stands. */
  status: IssueStatus;
  /** Whether it was resolved once, and seen again. */
  isRegression: boolean;
  /** When its first event came. */
  firstSeenAt: DateTime;
  /** The release in which it was first seen. */
  firstRelease: string | null;
  /** Why the assignee was chosen. */
  assignmentReason: string | null;
  /** When somebody said that they look at it. */
  acknowledgedAt: DateTime | null;
  /** When it was resolved. */
  resolvedAt: DateTime | null;
  /** Why it was resolved. */
  resolution: Resolution | null;
  /** The release from which on it is fixed. */
  resolvedInRelease: string | null;
  /** What was said when it was resolved. */
  resolutionNote: string | null;
  /** When its snooze ends. */
  snoozedUntil: DateTime | null;
  /** The `eventCount` at which its snooze ends. */
  snoozedUntilEventCount: Count | null;
  /** Grows with every change: of two views of one issue, the higher is the newer. */
  version: number;
  /** The project that it belongs to. */
  project: Project;
  /** Where it was seen, by name. */
  environments: Array<string>;
  /** The keys of the tags of its events, by name: at most 100. */
  tagKeys: Array<string>;
  /** What values a tag had in its events, those first that came last. The first 50 of each grouping key are noted; how often each came is not. */
  tagValues: Array<TagValue>;
  /** When its latest event came. */
  lastSeenAt: DateTime;
  /** How many events it has had. */
  eventCount: Count;
  /** How many users it happened to. */
  userCount: Count;
  /** The release of the latest event that named one. */
  lastRelease: string | null;
  /** Its newest event, which stays when others go. */
  latestEvent: Event | null;
  /** Whose it is; null where nobody has it, or nobody you may see. */
  assignee: Developer | null;
  /** The team that has it; null where none has it, or none you may see. */
  team: Team | null;
  /** Who said that they look at it; null where nobody did, or nobody you may see. */
  acknowledgedBy: Developer | null;
  /** Who resolved it; null where nobody did, or nobody you may see. */
  resolvedBy: Developer | null;
  /** The open demand for a human, if there is one. */
  alert: Alert | null;
  /** When it is to be acknowledged and resolved, by the targets for its severity. */
  due: IssueDue;
  /** The steps that its alerts climbed, first to last. */
  escalations: Array<Escalation>;
  /** All its alerts, newest first. */
  alerts: AlertConnection;
  /** Its events, newest first. */
  events: EventConnection;
  /** What people said of its events, newest first. */
  feedback: FeedbackConnection;
  /** What happened to it, newest first. */
  activity: ActivityConnection;
  /** How often it occurred, oldest first, with the days that had none. */
  timeline: Array<TimePoint>;
  /** Who was told of it, or was to be told, newest first. */
  notifications: NotificationConnection;
  /** Why events land here: each part of the grouping key, and what it was taken from. */
  grouping: GroupingExplanation;
  /** The issue that has its events since it was merged; null where it stands for itself. */
  mergedInto: Issue | null;
  /** The issues that were merged into it, the latest first; their keys can be split off. */
  mergedIssues: Array<Issue>;
  /** Issues of its project that might be the same, the most alike first: by calls, type, place, words. The newest 50 of its type, and of those at its place, are looked at. */
  similar: Array<Issue>;
  /** The pattern that it is of; null where no other issue has its template. */
  pattern: Pattern | null;
  /** Where else its error type and template occur, most events first: at most 50 services of the projects that you may see, its own service too if it has other such issues. */
  alsoHappensIn: Array<Elsewhere>;
  /** Where people look at it. */
  url: string;
}
/** One way to name an issue. */
export type IssueBy = { id: string } | { shortId: string };
/** A step of triage was taken on an issue. */
export interface IssueChanged {
  __typename: "IssueChanged";
  /** Pass it as `after` to go on just after this. */
  cursor: Cursor;
  /** The issue, as it is by now: of two views keep the one with the higher `version`. */
  issue: Issue;
  /** The step, and who took it. */
  activity: Activity;
}
/** One page of a list that can be counted. */
export interface IssueConnection {
  __typename: "IssueConnection";
  /** The rows with their cursors. */
  edges: Array<IssueEdge>;
  /** The rows alone. */
  nodes: Array<Issue>;
  /** Where this page lies in the list. */
  pageInfo: PageInfo;
  /** How many rows the whole list has, counting no further than 10,000. */
  totalCount: Count;
}
/** When an issue is due, by the `responseTargets` for its severity. The time runs since it was first seen, came back or was reopened, and that to acknowledge it also anew since it awoke from a snooze. Nothing is due of one that is ignored, and nobody need acknowledge one that is snoozed. */
export interface IssueDue {
  __typename: "IssueDue";
  /** Until when it is to be acknowledged (or resolved, snoozed or ignored); null where no target says. */
  acknowledgeAt: DateTime | null;
  /** Whether it was not until then. */
  isAcknowledgeBreached: boolean;
  /** Until when it is to be resolved (or ignored); null where no target says. */
  resolveAt: DateTime | null;
  /** Whether it was not until then. */
  isResolveBreached: boolean;
}
/** One row of a list, and its cursor. */
export interface IssueEdge {
  __typename: "IssueEdge";
  /** What to pass as `after` or `before` to go on from here. */
  cursor: string;
  /** The row itself. */
  node: Issue;
}
/** Which issues: those that pass every part that is given. Lists take up to 100 values. */
export type IssueFilter = {
  /** Slugs of projects. Left out: all; an empty list: none. */
  project?: Array<string> | null;
  /** Services that report it. Left out: all; an empty list: none. */
  service?: Array<string> | null;
  /** Environments, one of which it was seen in. Left out: all; an empty list: none. */
  environment?: Array<string> | null;
  /** Severities. Left out: all; an empty list: none. */
  severity?: Array<Severity> | null;
  /** The least severity. */
  minSeverity?: Severity | null;
  /** States of triage. Left out: all; an empty list: none. */
  status?: Array<IssueStatus> | null;
  /** Developers who have it. Left out: all; an empty list: none. */
  assignee?: Array<string> | null;
  /** Whether nobody has it. */
  unassigned?: boolean | null;
  /** Teams that have it. Left out: all; an empty list: none. */
  team?: Array<string> | null;
  /** Classes of the error. Left out: all; an empty list: none. */
  errorType?: Array<string> | null;
  /** Releases, one of which it was seen in. Left out: all; an empty list: none. */
  release?: Array<string> | null;
  /** Whether it was resolved once, and seen again. */
  isRegression?: boolean | null;
  /** Whether it demands a human now. */
  hasOpenAlert?: boolean | null;
  /** The pattern that its messages are of. */
  pattern?: string | null;
  /** When its first event came. */
  firstSeen?: TimeRange | null;
  /** When its latest event came. */
  lastSeen?: TimeRange | null;
};
/** What issues are sorted by. Ties are broken by their ids. */
export type IssueOrder = {
  /** By what. */
  field: IssueOrderField;
  /** Which end comes first. */
  direction?: OrderDirection;
};
/** What issues can be sorted by. */
export type IssueOrderField =
  /** When the latest event came. */
  | "LAST_SEEN"
  /** When the first event came. */
  | "FIRST_SEEN"
  /** How many events there were. */
  | "EVENT_COUNT"
  /** How many users it happened to. */
  | "USER_COUNT"
  /** How bad it is. */
  | "SEVERITY";
/** The issue as it is now, or why nothing was done. */
export type IssueResult = Conflict | InvalidInput | Issue | NotFound;
/** Where triage stands. */
export type IssueStatus =
  /** Open. */
  | "UNRESOLVED"
  /** Done; seen again it is a regression. */
  | "RESOLVED"
  /** Quiet until a time or a count. */
  | "SNOOZED"
  /** Quiet for good. */
  | "IGNORED";
/** What the stream of changes brings. */
export type IssueStreamItem = IssueChanged | StreamPosition | StreamReset;
/** Any JSON value. */
export type JSON = unknown;
/** One report of an error. Only the first three are needed. */
export type LogErrorInput = {
  /** What reports: one deployable part, such as checkout. */
  service: string;
  /** The class or kind of the error, such as TypeError. */
  errorType: string;
  /** What it says. */
  message: string;
  /** Project slug; may be left out where the credential is good for one project. */
  project?: string | null;
  /** How bad it is. */
  severity?: Severity;
  /** Where it ran, such as staging. */
  environment?: string;
  /** The version that ran; decides whether a resolved issue has regressed. */
  release?: string | null;
  /** The build of that release, where several differ; chooses among its source maps. */
  dist?: string | null;
  /** Your own code of the error. */
  errorCode?: string | null;
  /** Plain text as the language prints it; parsed into frames for Python, JavaScript, Java, Kotlin, PHP, Ruby, Go, C# and Dart, kept as text for others. */
  stackTrace?: string | null;
  /** The chain, oldest cause first, the one thrown last. Wins over `stackTrace`. */
  exceptions?: Array<ExceptionInput> | null;
  /** Where, if there is no stack; else taken from it. */
  module?: string | null;
  /** Where, if there is no stack; else taken from it. */
  function?: string | null;
  /** Where, if there is no stack; else taken from it. */
  line?: number | null;
  /** The route or job that failed. */
  endpoint?: string | null;
  /** The HTTP request under way. */
  request?: RequestInput | null;
  /** The HTTP response given. */
  response?: ResponseInput | null;
  /** Whom it happened to. */
  user?: UserInput | null;
  /** Your id of the session. */
  sessionId?: string | null;
  /** The machine or container. */
  serverName?: string | null;
  /** The W3C or OpenTelemetry trace. */
  traceId?: string | null;
  /** The span in it. */
  spanId?: string | null;
  /** Words to find events by. */
  tags?: Array<TagInput> | null;
  /** Anything else, by name; secrets are redacted. */
  contexts?: JSON | null;
  /** What happened before it. */
  breadcrumbs?: Array<BreadcrumbInput> | null;
  /** Overrides grouping; `{{ default }}` stands for the computed one. */
  fingerprint?: Array<string> | null;
  /** Your own id for this event: logging it twice stores it once. */
  eventId?: string | null;
  /** When it happened; left out: now. */
  occurredAt?: DateTime | null;
};
/** What became of the report, or what is wrong with it. */
export type LogErrorResult = InvalidInput | LoggedError;
/** What became of several reports, in their order. */
export interface LogErrorsPayload {
  __typename: "LogErrorsPayload";
  /** One for each input, in their order. */
  results: Array<LoggedError>;
  /** How many are on disk now, or were before. */
  stored: number;
  /** How many are not; each says why. What the project filters out counts in neither. */
  refused: number;
}
/** What became of one report. Once `outcome` is STORED or SPOOLED it survives a crash of any process. */
export interface LoggedError {
  __typename: "LoggedError";
  /** Stored, known already, or refused. */
  outcome: IngestOutcome;
  /** Your id of the event, or the one given at the door. */
  eventId: string | null;
  /** The issue it went to; null while it waits, or was refused. */
  issueId: string | null;
  /** The readable id of that issue. */
  issueShortId: string | null;
  /** Whether it is the first of its kind. */
  isNew: boolean;
  /** Whether it brought back a resolved issue. */
  isRegression: boolean;
  /** Why it was refused, if it was. */
  failure: Failure | null;
  /** The issue itself. Needs READ: an ingest key sees ids, never contents. */
  issue: Issue | null;
}
/** Whether you get mail of a kind. */
export interface MailSubscription {
  __typename: "MailSubscription";
  /** Of which kind. */
  kind: NotificationKind;
  /** Whether you get it. */
  isSubscribed: boolean;
}
/** What is set now, or why not. */
export type MailSubscriptionResult = MailSubscription | NotFound;
/** What a payload would become. */
export interface MappedError {
  __typename: "MappedError";
  /** What would be stored, by the names of `LogErrorInput`. */
  fields: JSON;
  /** What had to be mended, and which fields found nothing. */
  ingestNotes: Array<string>;
}
/** Which notifications were read. */
export type MarkNotificationsReadInput = {
  /** At most 1,000; left out, all to you. */
  ids?: Array<string> | null;
};
/** What came of it. */
export interface MarkNotificationsReadPayload {
  __typename: "MarkNotificationsReadPayload";
  /** How many of them were to you, and not read before. */
  marked: Count;
}
/** How many were marked, or why none. */
export type MarkNotificationsReadResult = InvalidInput | MarkNotificationsReadPayload | NotFound;
/** Which issues are one. */
export type MergeIssuesInput = {
  /** The issue that stays, with all events, those to come too. */
  intoIssueId: string;
  /** The issues that go into it, 1 to 100 of the same project, of any of its services. */
  issueIds: Array<string>;
};
/** What can be done. Each answers with the thing as it is now, or with a `Failure` that says why not. */
export interface Mutation {
  __typename: "Mutation";
  /** Log one error. The answer comes once it is on disk. Needs INGEST. */
  logError: LogErrorResult | null;
  /** Log at most 1,000 errors. What the types let through is accepted or refused alone. Needs INGEST. */
  logErrors: LogErrorsPayload | null;
  /** Make a project. Needs ADMIN. */
  createProject: ProjectResult | null;
  /** Change what is set of a project. Needs ADMIN. */
  updateProject: ProjectResult | null;
  /** Take a person out of all events of a project, archived ones too, by and by; `Project.erasures` says how far that is. Needs ADMIN. */
  erasePerson: ErasePersonResult | null;
  /** Make a developer. Needs ADMIN. */
  createDeveloper: DeveloperResult | null;
  /** Change what is set of a developer. Needs ADMIN. */
  updateDeveloper: DeveloperResult | null;
  /** Put somebody on call or take them off: yourself, or as ADMIN anybody. */
  setOnCall: DeveloperResult | null;
  /** Make a team. Needs ADMIN. */
  createTeam: TeamResult | null;
  /** Change what is set of a team: who is in it, and what they see. Needs ADMIN. */
  updateTeam: TeamResult | null;
  /** Say when you are off, or as ADMIN when somebody is. */
  createTimeOff: CreateTimeOffResult | null;
  /** Change a time off of yours, or as ADMIN of anybody. */
  updateTimeOff: TimeOffResult | null;
  /** Delete a time off of yours, or as ADMIN of anybody. */
  deleteTimeOff: TimeOffResult | null;
  /** Make a schedule. Needs ADMIN, or to lead its team. */
  createSchedule: ScheduleResult | null;
  /** Change what is set of a schedule, from now on: who was on call stays recorded. Needs ADMIN, or to lead its team. */
  updateSchedule: ScheduleResult | null;
  /** Delete a schedule, with its rotations, its overrides and the record of who was on call by it. Needs ADMIN, or to lead its team. */
  deleteSchedule: ScheduleResult | null;
  /** Make a rotation. Needs ADMIN, or to lead the schedule's team. */
  createRotation: RotationResult | null;
  /** Change what is set of a rotation, from now on: who was on call stays recorded. Needs ADMIN, or to lead the schedule's team. */
  updateRotation: RotationResult | null;
  /** Delete a rotation; who was on call stays recorded. Needs ADMIN, or to lead the schedule's team. */
  deleteRotation: RotationResult | null;
  /** Make an override. People of the schedule's team add themselves, in another's place too, and take themselves out; its lead, and an ADMIN, do so with anybody. */
  createOverride: OverrideResult | null;
  /** Change an override that you may make, into one that you may make; what has passed stays recorded. */
  updateOverride: OverrideResult | null;
  /** Delete an override that you may make; what has passed stays recorded. */
  deleteOverride: OverrideResult | null;
  /** Make a secret address at which calendar programs read a schedule, or your own shifts. One of before is of no use any more. For a schedule it needs ADMIN, or to lead its team. */
  createCalendarUrl: CalendarUrlResult | null;
  /** Take the address away: who subscribed reads nothing more. For a schedule it needs ADMIN, or to lead its team. */
  deleteCalendarUrl: CalendarUrlResult | null;
  /** Let a schedule take shifts from a calendar that is kept elsewhere. Needs ADMIN, or to lead the schedule's team. */
  createImportedCalendar: CreateImportedCalendarResult | null;
  /** Change an imported calendar, or only read it once more: now, and not when its time comes. Needs ADMIN, or to lead the schedule's team. */
  updateImportedCalendar: ImportedCalendarResult | null;
  /** Delete an imported calendar, and its shifts to come: who was on call stays recorded. Needs ADMIN, or to lead the schedule's team. */
  deleteImportedCalendar: ImportedCalendarResult | null;
  /** Make a key with which programs log to a project. Needs ADMIN. */
  createIngestKey: IngestKeyResult | null;
  /** Let an ingest key stop working, within 5 seconds everywhere. Needs ADMIN. */
  revokeIngestKey: IngestKeyResult | null;
  /** Make a token for yourself, or as ADMIN for another; it may do no more than you. */
  createApiToken: CreateApiTokenResult | null;
  /** Let a token of yours, or as ADMIN any, stop working, within 5 seconds everywhere. */
  revokeApiToken: ApiTokenResult | null;
  /** Give an issue to somebody, and tell them. */
  assignIssue: AssignIssueResult | null;
  /** Leave an issue nobody's; its team keeps it. */
  unassignIssue: IssueResult | null;
  /** Say that you look at an issue: its alert stops ringing. */
  acknowledgeIssue: IssueResult | null;
  /** Call for somebody higher up: the issue's alert, or a new one, climbs and rings. */
  escalateIssue: AssignIssueResult | null;
  /** Resolve an issue, and its alert. Seen again, it is a regression. */
  resolveIssue: IssueResult | null;
  /** Open an issue again that was resolved, snoozed or ignored. */
  reopenIssue: IssueResult | null;
  /** Let an issue be quiet until a time, or until it has had so many events. */
  snoozeIssue: IssueResult | null;
  /** Let an issue be quiet for good. */
  ignoreIssue: IssueResult | null;
  /** Say how bad an issue is; its events do not change that any more. */
  setIssueSeverity: IssueResult | null;
  /** Make several issues one, which has the events of all, those to come too. `splitIssue` undoes it. */
  mergeIssues: IssueResult | null;
  /** Let some grouping keys of an issue leave it, with their events, and hand back the issue that has them now: a new one, or, where all keys that a merge brought leave, the issue that was merged away. */
  splitIssue: IssueResult | null;
  /** Write something on an issue's timeline. */
  commentOnIssue: CommentResult | null;
  /** Keep a search, for yourself, a team, or all who see a project. Needs TRIAGE. */
  createSavedSearch: CreateSavedSearchResult | null;
  /** Change a search that is kept: your own, or a team's of which you are; with ADMIN any that is shared. Needs TRIAGE. */
  updateSavedSearch: SavedSearchResult | null;
  /** Keep a search no longer: who may change it may do that. Needs TRIAGE. */
  deleteSavedSearch: SavedSearchResult | null;
  /** Make an escalation policy: alerts that begin from now on climb it. Needs ADMIN. */
  createEscalationPolicy: EscalationPolicyResult | null;
  /** Change an escalation policy. Alerts that ring already climb it as it was. Needs ADMIN. */
  updateEscalationPolicy: EscalationPolicyResult | null;
  /** Take an escalation policy away. Alerts that ring already go on to climb it. Needs ADMIN. */
  deleteEscalationPolicy: EscalationPolicyResult | null;
  /** Set within which time issues are to be acknowledged and resolved, by severity, of a project or of all. Whose an issue is, or who is on call, is warned before its time is over. Needs ADMIN. */
  setResponseTargets: ResponseTargetsResult | null;
  /** Take an alert, and its issue with it: it rings no more, unless it is escalated. */
  acknowledgeAlert: AlertResult | null;
  /** Let an alert climb to somebody higher up, and ring there. */
  escalateAlert: AlertResult | null;
  /** End an alert: nobody is called for any more. Its issue stays as it is. */
  resolveAlert: AlertResult | null;
  /** Make an alert rule, which minds what happens from now on. Needs ADMIN. */
  createAlertRule: AlertRuleResult | null;
  /** Change an alert rule; it minds what happens from now on. Needs ADMIN. */
  updateAlertRule: AlertRuleResult | null;
  /** Take an alert rule away. Alerts that it called for stay. Needs ADMIN. */
  deleteAlertRule: AlertRuleResult | null;
  /** Try at once to deliver what was given up, held back, or waits for a try. */
  retryNotification: NotificationResult | null;
  /** Send yourself a test. */
  sendTestNotification: NotificationResult | null;
  /** Say that you have read notifications to you. */
  markNotificationsRead: MarkNotificationsReadResult | null;
  /** Say whether you want mail of a kind; the link in such a mail does the same. */
  setMailSubscription: MailSubscriptionResult | null;
  /** Give messages by a channel words of your own, from now on; what was written keeps its words. Needs ADMIN. */
  createNotificationTemplate: CreateNotificationTemplateResult | null;
  /** Change the words of a template. Needs ADMIN. */
  updateNotificationTemplate: NotificationTemplateResult | null;
  /** Take a template away; the usual words are back. Needs ADMIN. */
  deleteNotificationTemplate: NotificationTemplateResult | null;
  /** Make a contact method; it is of use once it is verified. */
  createContactMethod: CreateContactMethodResult | null;
  /** Switch a contact method off or on. */
  updateContactMethod: ContactMethodResult | null;
  /** Delete a contact method. */
  deleteContactMethod: ContactMethodResult | null;
  /** Send a code there: six digits, good for ten minutes and five tries. */
  sendVerificationCode: ContactMethodResult | null;
  /** Give back the code that came, which makes the contact method of use. */
  verifyContactMethod: ContactMethodResult | null;
  /** Make a notification rule. */
  createNotificationRule: NotificationRuleResult | null;
  /** Change a notification rule. */
  updateNotificationRule: NotificationRuleResult | null;
  /** Delete a notification rule. */
  deleteNotificationRule: NotificationRuleResult | null;
  /** Change the name or the limit of an ingest key, or how its generic webhooks are read. Needs ADMIN. */
  updateIngestKey: IngestKeyResult | null;
  /** Let an ingest key be good for signed webhooks only. A secret that it had is replaced, within 5 seconds everywhere. Needs ADMIN. */
  createSigningSecret: CreateSigningSecretResult | null;
  /** Let an ingest key be good without signatures again, within 5 seconds everywhere. Needs ADMIN. */
  deleteSigningSecret: DeleteSigningSecretResult | null;
  /** Delete a source map; events that used it stay as they are. Needs ADMIN. */
  deleteSourceMap: SourceMapResult | null;
}
/** How many events have a name, as of a service. */
export interface NamedCount {
  __typename: "NamedCount";
  /** The name. */
  name: string;
  /** How many events. */
  count: Count;
}
/** Nobody is on call who could be told. */
export interface NobodyOnCall {
  __typename: "NobodyOnCall";
  /** What kind of failure it is. */
  code: FailureCode;
  /** What is wrong, for a person. */
  message: string;
  /** The way to the wrong field of the input. */
  path: Array<string> | null;
}
/** Anything that has a global id, and can be fetched again by it with `node`. */
export type Node = Activity | Alert | AlertRule | ApiToken | ContactMethod | Developer | Escalation | EscalationPolicy | Event | Feedback | ImportedCalendar | IngestKey | Issue | Notification | NotificationRule | NotificationTemplate | Override | Pattern | Project | Rotation | SavedSearch | Schedule | SourceMap | Team | TimeOff;
/** There is no such thing, or you may not see it. */
export interface NotFound {
  __typename: "NotFound";
  /** What kind of failure it is. */
  code: FailureCode;
  /** What is wrong, for a person. */
  message: string;
  /** The way to the wrong field of the input. */
  path: Array<string> | null;
}
/** One message to one person by one way. */
export interface Notification {
  __typename: "Notification";
  /** Global and opaque: pass it as it is. */
  id: string;
  /** What it tells. */
  kind: NotificationKind;
  /** By which way. */
  channel: Channel;
  /** The address that it goes to, its secrets left out. */
  destination: string;
  /** Its first line. */
  subject: string;
  /** Where the delivery stands. */
  status: NotificationStatus;
  /** Why this person got this, by this channel; or why it was held back. */
  reason: string;
  /** When it is tried next, if nothing comes of the present try; null once it is settled, and while it travels in the message of another. */
  nextAttemptAt: DateTime | null;
  /** When it was written. */
  createdAt: DateTime;
  /** When the recipient's server took it. */
  sentAt: DateTime | null;
  /** When the recipient said to have read it. */
  readAt: DateTime | null;
  /** To whom; null where you may not see them. */
  recipient: Developer | null;
  /** The issue that it is about. */
  issue: Issue | null;
  /** The alert that it was sent for. */
  alert: Alert | null;
  /** The one in whose message it travelled, in a digest or where much was sent there; null: by itself. */
  carrier: Notification | null;
  /** Every try to deliver it, or the one that carried it, first to last. */
  attempts: Array<DeliveryAttempt>;
}
/** One page of a list that can be counted. */
export interface NotificationConnection {
  __typename: "NotificationConnection";
  /** The rows with their cursors. */
  edges: Array<NotificationEdge>;
  /** The rows alone. */
  nodes: Array<Notification>;
  /** Where this page lies in the list. */
  pageInfo: PageInfo;
  /** How many rows the whole list has, counting no further than 10,000. */
  totalCount: Count;
}
/** One row of a list, and its cursor. */
export interface NotificationEdge {
  __typename: "NotificationEdge";
  /** What to pass as `after` or `before` to go on from here. */
  cursor: string;
  /** The row itself. */
  node: Notification;
}
/** What a notification tells. */
export type NotificationKind =
  /** An issue was seen for the first time. */
  | "NEW_ISSUE"
  /** A resolved issue was seen again. */
  | "REGRESSION"
  /** An issue is yours now. */
  | "ASSIGNMENT"
  /** An alert rings. */
  | "ALERT"
  /** An alert climbed to you. */
  | "ESCALATION"
  /** What happened in a day. */
  | "DAILY_SUMMARY"
  /** Your duty begins or ends. */
  | "HANDOFF"
  /** A test. */
  | "TEST"
  /** Events of a project are turned away: a limit or its quota is used up. */
  | "EVENTS_DROPPED"
  /** A threshold was crossed, or work is overdue; for administrators. */
  | "WARNING"
  /** An issue runs out of the time in which it is to be acknowledged or resolved. */
  | "TARGET";
/** What a message would say. */
export interface NotificationPreview {
  __typename: "NotificationPreview";
  /** The subject of a mail. */
  subject: string | null;
  /** The text; of TELEGRAM in its tags, of SLACK without what stays anyway. */
  text: string;
  /** The other form of a mail. */
  html: string | null;
}
/** The notification as it is now, or why not. */
export type NotificationResult = Conflict | InvalidInput | NotFound | Notification;
/** Which channel, from which severity, after what delay, gathered for how long, but not in quiet hours. */
export interface NotificationRule {
  __typename: "NotificationRule";
  /** Global and opaque: pass it as it is. */
  id: string;
  /** Which of the two lists it is in. */
  importance: Importance;
  /** By which way. */
  channel: Channel;
  /** From which severity on. */
  minSeverity: Severity;
  /** How long after; nothing comes if somebody has the alert by then. */
  delay: Duration;
  /** When not; null for never. */
  quietHours: QuietHours | null;
  /** For how long what it brings is gathered, to leave as one message; null: each leaves at once. */
  digestEvery: Duration | null;
}
/** The rule as it is now, or was; or why not. */
export type NotificationRuleResult = Conflict | InvalidInput | NotFound | NotificationRule;
/** A notification was sent: a server took it, or it is on somebody's dashboard. */
export interface NotificationSent {
  __typename: "NotificationSent";
  /** Pass it as `after` to go on just after this. */
  cursor: Cursor;
  /** The notification, as it is by now. */
  notification: Notification;
}
/** Where a delivery stands. */
export type NotificationStatus =
  /** Waiting for its first try. */
  | "PENDING"
  /** A worker has it. */
  | "SENDING"
  /** Handed to the recipient's server. */
  | "SENT"
  /** Failed, and tried again at `nextAttemptAt`. */
  | "RETRYING"
  /** Held back; `reason` says why. */
  | "SUPPRESSED"
  /** Given up after its last try. */
  | "DEAD";
/** What the stream of notifications brings. */
export type NotificationStreamItem = NotificationSent | StreamPosition | StreamReset;
/** The words of messages by one channel, in place of the usual ones. Of those that fit a message, the project's goes before all projects', then the kind's before that of all kinds about issues. */
export interface NotificationTemplate {
  __typename: "NotificationTemplate";
  /** Global and opaque: pass it as it is. */
  id: string;
  /** By which way. */
  channel: Channel;
  /** Of which kind; null for all about issues. */
  kind: NotificationKind | null;
  /** The subject of a mail; null for the usual one. */
  subject: string | null;
  /** The text. */
  text: string;
  /** The only project whose messages it is for; null for all. */
  project: Project | null;
}
/** The template as it is now, or was, or why not. */
export type NotificationTemplateResult = InvalidInput | NotFound | NotificationTemplate;
/** Which end of an order comes first. */
export type OrderDirection =
  /** The oldest, fewest or mildest. */
  | "ASC"
  /** The newest, most or worst. */
  | "DESC";
/** A change of who is on call, from `start` on and before `end`. */
export interface Override {
  __typename: "Override";
  /** Global and opaque: pass it as it is. */
  id: string;
  /** From when on. */
  start: DateTime;
  /** Until just before when. */
  end: DateTime;
  /** Why. */
  note: string | null;
  /** Who is on call; with `remove`, wherever they would be. Null for nobody, or nobody you may see. */
  add: Developer | null;
  /** Who is not on call; null for nobody, or nobody you may see. */
  remove: Developer | null;
}
/** The override as it is now, or was, or why not. */
export type OverrideResult = Conflict | InvalidInput | NotFound | Override;
/** Issues that pass everything given belong to its owners; the first such rule decides. */
export interface OwnershipRule {
  __typename: "OwnershipRule";
  /** The file or module of one of your own frames. */
  path: string | null;
  /** A tag of the event, and the pattern of its value. */
  tag: Tag | null;
  /** What reported it. */
  service: string | null;
  /** The team that owns them; null where developers do, or one that you may not see. */
  team: Team | null;
  /** The developers who own them, as far as you may see them. */
  developers: Array<Developer>;
}
/** Issues that pass all given, at least one of path, tag, service, belong to a team, or to developers. */
export type OwnershipRuleInput = {
  /** The team that owns them. */
  teamId?: string | null;
  /** The developers who own them, at most 20, where no team does. */
  developerIds?: Array<string>;
  /** Passes the file or the module of one of your own frames, the whole of it: `*` stands for any characters, `?` for one; folders are parted by `/`. */
  path?: string | null;
  /** Passes a tag of the event. */
  tag?: TagPatternInput | null;
  /** Passes what reported it, the whole of it: `*` stands for any characters, `?` for one. */
  service?: string | null;
};
/** Where a page lies in its list. */
export interface PageInfo {
  __typename: "PageInfo";
  /** Whether rows follow this page. */
  hasNextPage: boolean;
  /** Whether rows precede this page. */
  hasPreviousPage: boolean;
  /** Where to go on before this page: the first row's cursor. */
  startCursor: string | null;
  /** Where to go on after this page: the last row's cursor. */
  endCursor: string | null;
}
/** One template of a message with one error type, in several issues of a project, across services; mined from messages as issues come. It keeps its id as its template gets more general. */
export interface Pattern {
  __typename: "Pattern";
  /** Global and opaque: pass it as it is. */
  id: string;
  /** The message, with `<int>` for a number and so on, `<*>` for any word and `<...>` for several. */
  template: string;
  /** The class of the error. */
  errorType: string;
  /** How many events its issues have had. */
  eventCount: Count;
  /** How many issues are of it. */
  issueCount: Count;
  /** The services that reported it, by name. */
  affectedServices: Array<string>;
  /** Where its issues were seen last, with how many of them, most first; of the 20 seen last. */
  commonEndpoints: Array<NamedCount>;
  /** Events by severity, mildest first. */
  severityDistribution: Array<SeverityCount>;
  /** Where it is going, as one week compares to the one before. */
  trend: Trend;
  /** By how much they differ; null where the one before had nothing. */
  changePercent: number | null;
  /** When a second issue of it was found. */
  detectedAt: DateTime;
  /** When its latest event came. */
  lastSeenAt: DateTime;
  /** Its issues, newest first. */
  issues: IssueConnection;
  /** When it occurred, oldest first, with the days that had none. */
  timeline: Array<TimePoint>;
}
/** One page of a list that can be counted. */
export interface PatternConnection {
  __typename: "PatternConnection";
  /** The rows with their cursors. */
  edges: Array<PatternEdge>;
  /** The rows alone. */
  nodes: Array<Pattern>;
  /** Where this page lies in the list. */
  pageInfo: PageInfo;
  /** How many rows the whole list has, counting no further than 10,000. */
  totalCount: Count;
}
/** One row of a list, and its cursor. */
export interface PatternEdge {
  __typename: "PatternEdge";
  /** What to pass as `after` or `before` to go on from here. */
  cursor: string;
  /** The row itself. */
  node: Pattern;
}
/** What patterns are sorted by. */
export type PatternOrder =
  /** How many events they have had. */
  | "EVENT_COUNT"
  /** When their latest event came. */
  | "LAST_SEEN"
  /** Rising ones, new ones, then steady, falling and gone. */
  | "TREND";
/** How much a project may log. */
export type Plan =
  /** 1,000 events an hour. */
  | "FREE"
  /** 10,000 events an hour. */
  | "PRO"
  /** A quota of its own. */
  | "ENTERPRISE";
/** A template to be shown, which nobody has stored yet. */
export type PreviewNotificationTemplateInput = {
  /** EMAIL, SLACK, SMS, TELEGRAM or APPRISE. */
  channel: Channel;
  /** The text; at most 4,000 characters. */
  text: string;
  /** The subject of a mail; at most 500 characters. */
  subject?: string | null;
  /** As a message of which kind; left out, ALERT. */
  kind?: NotificationKind | null;
  /** About this issue, of a kind about issues. */
  issueId?: string | null;
  /** With what this notification knows; without it and an issue, a sample. */
  notificationId?: string | null;
};
/** Figures of the range before another, as those of `Stats`. */
export interface PreviousStats {
  __typename: "PreviousStats";
  /** From when on: a whole hour; or a UTC day where an issue was named, or the range is longer than 90 days or begins before them. */
  from: DateTime;
  /** Until when, itself not included. */
  to: DateTime;
  /** How many events there were. */
  total: Count;
  /** How many issues had events. */
  issues: Count;
  /** How many of these were first seen in the range. */
  newIssues: Count;
  /** How many of these came back in the range, after they had been resolved. */
  regressions: Count;
  /** About how many users had such events on the UTC days which the range touches, each counted once: the standard error is 1.6 %. Null where the range begins more than 90 days ago. Where an issue was named: exactly how many it ever had. */
  usersAffected: Count | null;
  /** Events by severity, mildest first. */
  bySeverity: Array<SeverityCount>;
  /** Issues by where triage stands now. */
  byStatus: Array<StatusCount>;
  /** Events by service, most first. */
  byService: Array<NamedCount>;
  /** Events by environment, most first. */
  byEnvironment: Array<NamedCount>;
  /** Events by release, most first; those without one are left out. Null where an issue was named, whose events are not counted by release. */
  byRelease: Array<NamedCount> | null;
  /** Events over time, oldest first, with the points that have none. */
  timeline: Array<TimePoint>;
  /** The issues that had most events. */
  topIssues: Array<Issue>;
  /** Surges that were under way in the range, newest first: far more events than usual, of a service or of an issue. They are found every minute and are of all environments and severities together, whatever the filter says of these. */
  surges: Array<Surge>;
  /** How long issues that were acknowledged in the range had waited, since they were first seen, came back, were reopened or awoke, on average; none where none was. */
  meanTimeToAcknowledge: Duration | null;
  /** How long issues that were acknowledged in the range had waited, since they were first seen, came back, were reopened or awoke, at the median; none where none was. */
  medianTimeToAcknowledge: Duration | null;
  /** How long issues that were resolved in the range had stood, snoozes included, since they were first seen, came back or were reopened, on average; none where none was. */
  meanTimeToResolve: Duration | null;
  /** How long issues that were resolved in the range had stood, snoozes included, since they were first seen, came back or were reopened, at the median; none where none was. */
  medianTimeToResolve: Duration | null;
  /** Of the issues that were first seen, came back or were reopened in the range, the share that is resolved now, from 0 to 1; none where there were none. */
  resolutionRate: number | null;
  /** Of the issues that were resolved in the range, the share of NOT_AN_ERROR, from 0 to 1; none where none was. */
  falsePositiveRate: number | null;
  /** Of the issues that opened in the range and were to be acknowledged in a time that is over, or were, the share that was in time, from 0 to 1, by the `responseTargets` as they are now; none where there were none. */
  acknowledgedInTime: number | null;
  /** Of the issues that opened in the range and were to be resolved in a time that is over, or were, the share that was in time, from 0 to 1, by the `responseTargets` as they are now; none where there were none. */
  resolvedInTime: number | null;
  /** Within which time half of the messages left that were written in the range and are sent, but for those that wait by the recipient's wish; none where none was. */
  notificationLatencyP50: Duration | null;
  /** Within which time 95 % of the messages left that were written in the range and are sent, but for those that wait by the recipient's wish; none where none was. */
  notificationLatencyP95: Duration | null;
}
/** What events are logged to, and what access is given by. */
export interface Project {
  __typename: "Project";
  /** Global and opaque: pass it as it is. */
  id: string;
  /** Short and unique, for addresses and settings. */
  slug: string;
  /** The name for people. */
  name: string;
  /** How much it may log. */
  plan: Plan;
  /** How long its events are kept, whole days; the telling ones of each issue stay for good. */
  retention: Duration;
  /** How many events are kept at most, the newest; null for as many as `retention` allows. */
  maxEvents: number | null;
  /** Its own words for secrets: what stands under a key that holds one of them is not stored. */
  redactKeys: Array<string>;
  /** Whether far more events than are usual for it are turned away, by the hour. */
  spikeProtection: boolean;
  /** Which reports it turns away. */
  inboundFilters: InboundFilters;
  /** Of which reports it keeps a share. */
  samplingRules: Array<SamplingRule>;
  /** Whose issues are, by path, tag and service; the first that fits decides. */
  ownershipRules: Array<OwnershipRule>;
  /** Its own rules of which events are one issue. */
  groupingRules: GroupingRules;
  /** How many events an hour it may log, by its plan or its own quota; null for any number. */
  hourlyQuota: number | null;
  /** How many of its events were stored in this hour. */
  usedThisHour: number;
  /** How many of its events were turned away in this hour, by the reason, the most first. */
  droppedThisHour: Array<NamedCount>;
  /** Who is told when nobody else can be; null where nobody is, or nobody you may see. */
  owner: Developer | null;
  /** What reported to it in the last 30 days, by name. */
  services: Array<string>;
  /** Where that ran, by name. */
  environments: Array<string>;
  /** What people said through SDKs, of events or without one, newest first. */
  feedback: FeedbackConnection;
  /** What SDKs said in the last 24 hours that they discarded themselves, most first. */
  discardedBySdks: Array<DiscardedCount>;
  /** The keys with which programs log to it, revoked ones too, oldest first. */
  ingestKeys: Array<IngestKey>;
  /** Its source maps that were uploaded last, at most 100, newest first. */
  sourceMaps: Array<SourceMap>;
  /** The latest 20 times that a person was taken out of it, newest first. */
  erasures: Array<Erasure>;
}
/** The project as it is now, or why not. */
export type ProjectResult = Conflict | InvalidInput | NotFound | Project;
/** What can be asked. A field that is refused is null, and leaves the others alone. */
export interface Query {
  __typename: "Query";
  /** The object of that id; null where you see none. */
  node: Node | null;
  /** The objects of these ids, in their order, each null where you see none. */
  nodes: Array<Node | null> | null;
  /** Every project that you may see, by slug. */
  projects: Array<Project> | null;
  /** The project of that slug; null where you see none. */
  project: Project | null;
  /** What these rules of grouping, instead of those that are set, would have changed for the events of the last week; null where you see no such project. */
  groupingRulesDryRun: GroupingRulesDryRun | null;
  /** The issue of that name, or the one it was merged into; null where you see none. `node` hands out one that was merged as it stands. */
  issue: Issue | null;
  /** The issues that pass the filter and the search, the latest seen first unless otherwise said. */
  issues: IssueConnection | null;
  /** The event of that name; null where you see none. */
  event: Event | null;
  /** The events that pass the filter and the search, newest first. A search looks at 20,000 events a page: where these do not fill it, `hasNextPage` and `endCursor` lead on behind them, and `totalCount` is of the newest 20,000. */
  events: EventConnection | null;
  /** What may stand at a place of a search that is being written: keys, signs and values, of names those that you may see; what begins with the letters before that place goes before what only has them. */
  searchSuggestions: Array<SearchSuggestion> | null;
  /** Your own searches, and those that teams and projects share that you may see, by name. */
  savedSearches: Array<SavedSearch> | null;
  /** Figures of what happened in a range: the last 24 hours, unless otherwise said. */
  stats: Stats | null;
  /** The workload of everybody in sight, by name; of the first 500. */
  workload: Array<Workload> | null;
  /** The targets that hold in a project, or for all that have none of their own. */
  responseTargets: ResponseTargets | null;
  /** What changed from one release of a project to another. */
  releaseComparison: ReleaseComparison | null;
  /** The patterns that you may see, most first. */
  patterns: PatternConnection | null;
  /** The pattern of that id, or the one that it went into; null where you see none. */
  pattern: Pattern | null;
  /** Who you are, and what you may do. */
  viewer: Viewer | null;
  /** The developers that you may see, by name. */
  developers: DeveloperConnection | null;
  /** The developer of that id; null where you see none. */
  developer: Developer | null;
  /** Every team that you may see, by slug. */
  teams: Array<Team> | null;
  /** Every escalation policy that you may see, by name. */
  escalationPolicies: Array<EscalationPolicy> | null;
  /** Every schedule that you may see, by name: those of your teams, and those of no team. */
  schedules: Array<Schedule> | null;
  /** The schedule of that id; null where you see none. */
  schedule: Schedule | null;
  /** Who is on call, by the schedules that you may see and by hand, each shift whole, by start. */
  onCall: Array<Shift> | null;
  /** The alerts that you may see, newest first. */
  alerts: AlertConnection | null;
  /** Every alert rule that you may see, by name. */
  alertRules: Array<AlertRule> | null;
  /** Who would be told what, when and how, if a new issue of that service and severity came then, and nobody acknowledged it. Nothing is left of it. */
  simulateAlert: Array<SimulatedNotification> | null;
  /** The notifications of the projects that you may see, and those to you that are about none, newest first. */
  notifications: NotificationConnection | null;
  /** The templates of messages of projects that you may see, and of all, oldest first. */
  notificationTemplates: Array<NotificationTemplate> | null;
  /** What a message would say by a template. Nothing is kept of it or sent, and its links to answer lead nowhere. */
  previewNotificationTemplate: NotificationPreview | null;
  /** All that is done by the timetable, when, and how it went last. */
  scheduledJobs: Array<ScheduledJob> | null;
  /** The runs that are on record, the latest first. */
  scheduledRuns: ScheduledRunConnection | null;
  /** Where the live streams stand, read before all else in this request: subscribe from here and miss nothing of what the other fields do not show yet. */
  streamPosition: Cursor | null;
  /** What `/webhook/generic/` would make of a payload sent with that key; nothing is stored. Null where you see no such key. */
  tryMapping: MappedError | null;
}
/** A span of each day in which one is left alone, `[start, end)`, also across midnight. */
export interface QuietHours {
  __typename: "QuietHours";
  /** HH:MM by the wall clock. */
  start: string;
  /** HH:MM by the wall clock. */
  end: string;
  /** Whose clock; null for that of the developer. */
  timezone: string | null;
  /** Whether what is CRITICAL comes all the same. */
  exceptCritical: boolean;
}
/** A span of each day in which one wants to be left alone. */
export type QuietHoursInput = {
  /** HH:MM by the wall clock, from 00:00 to 23:59. */
  start: string;
  /** HH:MM; where it is before `start` they last until the next day. */
  end: string;
  /** Left out, that of the developer. */
  timezone?: string | null;
  /** Whether what is CRITICAL comes all the same. */
  exceptCritical?: boolean;
};
/** One error of several that is beyond a limit: send it again later. */
export interface RateLimited {
  __typename: "RateLimited";
  /** What kind of failure it is. */
  code: FailureCode;
  /** What is wrong, for a person. */
  message: string;
  /** The way to the wrong field of the input. */
  path: Array<string> | null;
  /** After how many seconds. */
  retryAfter: number;
}
/** What changed from one release of a project, the base, to another, the head; of each list the latest seen first. Which of the two is newer is not asked. */
export interface ReleaseComparison {
  __typename: "ReleaseComparison";
  /** The release that is compared with. */
  base: string;
  /** The release that is looked at. */
  head: string;
  /** Issues that were seen in the head and not in the base, and first since the project saw the base. */
  newIn: IssueConnection;
  /** Issues that were seen in the base and not in the head, and that are resolved. */
  fixedIn: IssueConnection;
  /** Issues that were seen in the head, and came back after they were resolved, since the project saw the head first. */
  regressedIn: IssueConnection;
}
/** Which issue is to be open again. */
export type ReopenIssueInput = {
  /** The issue. */
  issueId: string;
  /** Why, for the timeline; at most 2,000 characters. */
  note?: string | null;
};
/** The request during which it happened, with secrets redacted. */
export interface RequestInfo {
  __typename: "RequestInfo";
  /** GET, POST and so on. */
  method: string | null;
  /** Its address. */
  url: string | null;
  /** The template that the address matched, as in `/orders/{id}`. */
  route: string | null;
  /** The status that it was answered with. */
  statusCode: number | null;
  /** Its headers. */
  headers: JSON | null;
  /** The parameters of its address. */
  query: JSON | null;
  /** Its body. */
  body: JSON | null;
}
/** The HTTP request under way; secrets are redacted before anything is stored. */
export type RequestInput = {
  /** GET, POST, … */
  method?: string | null;
  /** The whole address. */
  url?: string | null;
  /** The pattern that matched, such as /orders/{id}. */
  route?: string | null;
  /** The status answered, if one was. */
  statusCode?: number | null;
  /** Headers, as an object. */
  headers?: JSON | null;
  /** Query parameters, as an object or a string. */
  query?: JSON | null;
  /** The body, as JSON or a string. */
  body?: JSON | null;
};
/** Why an issue was resolved. */
export type Resolution =
  /** The cause is gone. */
  | "FIXED"
  /** A false positive. */
  | "NOT_AN_ERROR"
  /** Known, and left as it is. */
  | "WONT_FIX"
  /** Another issue has it. */
  | "DUPLICATE";
/** How an issue was dealt with. */
export type ResolveIssueInput = {
  /** The issue. */
  issueId: string;
  /** Why it is resolved. */
  resolution?: Resolution | null;
  /** Why, for the timeline; at most 2,000 characters. */
  note?: string | null;
  /** The release that has the fix: events of older ones are no regression. */
  inRelease?: string | null;
  /** Whether the fix comes with the next release: events of those seen by now are no regression. */
  inNextRelease?: boolean | null;
};
/** The answer that was sent or received, with secrets redacted. */
export interface ResponseInfo {
  __typename: "ResponseInfo";
  /** Its status. */
  statusCode: number | null;
  /** Its headers. */
  headers: JSON | null;
  /** Its body. */
  body: JSON | null;
}
/** The HTTP response given; secrets are redacted before anything is stored. */
export type ResponseInput = {
  /** Its status. */
  statusCode?: number | null;
  /** Headers, as an object. */
  headers?: JSON | null;
  /** The body, as JSON or a string. */
  body?: JSON | null;
};
/** Within which time issues of a severity are to be dealt with. */
export interface ResponseTarget {
  __typename: "ResponseTarget";
  /** For which issues. */
  severity: Severity;
  /** In which time somebody is to acknowledge it. */
  acknowledgeWithin: Duration | null;
  /** In which time it is to be resolved. */
  resolveWithin: Duration | null;
  /** At which share of the time somebody is warned. */
  warnAt: number;
}
/** Within which time issues of a severity are to be dealt with: one time, or both. */
export type ResponseTargetInput = {
  /** For which issues; each once. */
  severity: Severity;
  /** In which time somebody is to acknowledge it, PT1M to P366D; left out, in any. */
  acknowledgeWithin?: Duration | null;
  /** In which time it is to be resolved, PT1M to P366D; left out, in any. */
  resolveWithin?: Duration | null;
  /** At which share of the time somebody is warned, above 0 and at most 1. */
  warnAt?: number;
};
/** Response targets, the worst severity first. */
export interface ResponseTargets {
  __typename: "ResponseTargets";
  /** One for each severity that has one. */
  targets: Array<ResponseTarget>;
}
/** The targets as they are set now, or why not. */
export type ResponseTargetsResult = InvalidInput | NotFound | ResponseTargets;
/** Which notification to try again. */
export type RetryNotificationInput = {
  /** The notification. */
  notificationId: string;
};
/** An API token that is to stop working. */
export type RevokeApiTokenInput = {
  /** Which. */
  apiTokenId: string;
};
/** An ingest key that is to stop working. */
export type RevokeIngestKeyInput = {
  /** Which. */
  ingestKeyId: string;
};
/** What a developer may do, least first. */
export type Role =
  /** Read the projects of their teams. */
  | "VIEWER"
  /** Read and triage the projects of their teams. */
  | "DEVELOPER"
  /** Everything. */
  | "ADMIN"
  /** Everything; told when nobody else can be. */
  | "OWNER";
/** People who take turns in being on call. */
export interface Rotation {
  __typename: "Rotation";
  /** Global and opaque: pass it as it is. */
  id: string;
  /** The name for people. */
  name: string;
  /** In what `length` is counted. */
  kind: RotationKind;
  /** How many hours, days, weeks or months a turn lasts. */
  length: number;
  /** When the first turn begins. */
  startsAt: DateTime;
  /** The days on which it counts, 1 (Monday) to 7 (Sunday); none given: every day. */
  activeDays: Array<number>;
  /** From which time of such a day on it counts, on the schedule's clocks; null: all day. */
  activeFrom: string | null;
  /** Before which time it counts: of the next day, where it is not after `activeFrom`. */
  activeUntil: string | null;
  /** Who takes turns, in their order, as far as you may see them. */
  participants: Array<Developer>;
}
/** In what the length of a turn is counted. */
export type RotationKind =
  /** Hours, as they pass. */
  | "HOURLY"
  /** Days: the hand-off keeps its time on the wall. */
  | "DAILY"
  /** Weeks: the hand-off keeps its day and its time on the wall. */
  | "WEEKLY"
  /** Months: the hand-off keeps its day, or is on the last one of a shorter month. */
  | "MONTHLY";
/** The rotation as it is now, or was, or why not. */
export type RotationResult = Conflict | InvalidInput | NotFound | Rotation;
/** Where one run of a scheduled job stands. */
export type RunStatus =
  /** It is under way. */
  | "RUNNING"
  /** It went well. */
  | "OK"
  /** It did not, or was cut off. */
  | "FAILED";
/** Of the reports that fit, a share is kept. The first rule that fits decides. */
export interface SamplingRule {
  __typename: "SamplingRule";
  /** The share that is kept, from 0 to 1. */
  rate: number;
  /** Of these severities; empty for all. */
  severities: Array<Severity>;
  /** Patterns of messages; empty for all. */
  messages: Array<string>;
  /** Patterns of releases; empty for all. */
  releases: Array<string>;
  /** Patterns of environments; empty for all. */
  environments: Array<string>;
}
/** Of the reports that fit, a share is kept; what is left out fits all. */
export type SamplingRuleInput = {
  /** The share that is kept, from 0 (none) to 1 (all). */
  rate: number;
  /** Of these severities. */
  severities?: Array<Severity>;
  /** Patterns of messages, at most 20. */
  messages?: Array<string>;
  /** Patterns of releases, at most 20. */
  releases?: Array<string>;
  /** Patterns of environments, at most 20. */
  environments?: Array<string>;
};
/** A search under a name: its owner's alone, a team's, or for all who see a project. */
export interface SavedSearch {
  __typename: "SavedSearch";
  /** Global and opaque: pass it as it is. */
  id: string;
  /** What people call it. */
  name: string;
  /** What it searches. */
  subject: SearchSubject;
  /** What to pass as `search`. */
  search: string;
  /** By what issues are sorted; null as the list has it. */
  orderField: IssueOrderField | null;
  /** Which end comes first then. */
  orderDirection: OrderDirection | null;
  /** Whose it is; null where you may not see them. */
  owner: Developer | null;
  /** The team that shares it, if one does. */
  team: Team | null;
  /** The project that it is shared in, if it is in one. */
  project: Project | null;
}
/** The search as it is now, or was, or why not. */
export type SavedSearchResult = InvalidInput | NotFound | SavedSearch;
/** Who is on call when. */
export interface Schedule {
  __typename: "Schedule";
  /** Global and opaque: pass it as it is. */
  id: string;
  /** The name for people; unique. */
  name: string;
  /** Whose clocks its hand-offs and active hours follow: Europe/Berlin. */
  timezone: string;
  /** The services that it is for, none: all. Who is on call for one that it names counts as knowing it. */
  services: Array<string>;
  /** Whether people are told when they come on call, and go. */
  notifyHandoff: boolean;
  /** How long before they come on call they are told besides; null: only when they do. */
  notifyAhead: Duration | null;
  /** Whether calendar programs can read it at a secret address. */
  hasCalendarUrl: boolean;
  /** Whose it is; null where it is everybody's, or nobody's you may see. */
  team: Team | null;
  /** Its rotations, oldest first: whoever has their turn in one that is active is on call. */
  rotations: Array<Rotation>;
  /** The calendars from which it takes shifts, the first first: as from one more rotation. */
  importedCalendars: Array<ImportedCalendar>;
  /** Its overrides that touch the span, by their start. */
  overrides: Array<Override>;
  /** Who is on call by it, as far as you may see them. */
  onCall: Array<Developer>;
  /** Who is on call in a span, cut at its ends, by start: what has passed as recorded, the rest as it is planned. */
  shifts: Array<Shift>;
  /** When nobody is on call in a span, cut at its ends. */
  gaps: Array<Shift>;
  /** The parts of its shifts in a span in which whoever has them is off: they want an override. */
  shiftsInTimeOff: Array<Shift>;
}
/** The schedule as it is now, or was, or why not. */
export type ScheduleResult = Conflict | InvalidInput | NotFound | Schedule;
/** Work that is done by the timetable, or by hand with `tocsin run`. */
export interface ScheduledJob {
  __typename: "ScheduledJob";
  /** Its name. */
  name: string;
  /** When it is done: minutes and hours, UTC; null where it is off. */
  times: string | null;
  /** When it is due next; null where it is off. */
  nextAt: DateTime | null;
  /** Its last run; null where there was none yet. */
  lastRun: ScheduledRun | null;
  /** What is wrong: it failed last, or was not done for too long. */
  problem: string | null;
}
/** One run of a scheduled job. */
export interface ScheduledRun {
  __typename: "ScheduledRun";
  /** The name of the job. */
  job: string;
  /** The time of the timetable that it was for; null: by hand. */
  dueAt: DateTime | null;
  /** Where it stands. */
  status: RunStatus;
  /** When it began. */
  startedAt: DateTime;
  /** When it ended; null while it is under way. */
  finishedAt: DateTime | null;
  /** Why it failed, in one line. */
  error: string | null;
  /** How much it did; the keys differ with the job. */
  result: JSON | null;
}
/** One page of a list. */
export interface ScheduledRunConnection {
  __typename: "ScheduledRunConnection";
  /** The rows with their cursors. */
  edges: Array<ScheduledRunEdge>;
  /** The rows alone. */
  nodes: Array<ScheduledRun>;
  /** Where this page lies in the list. */
  pageInfo: PageInfo;
}
/** One row of a list, and its cursor. */
export interface ScheduledRunEdge {
  __typename: "ScheduledRunEdge";
  /** What to pass as `after` or `before` to go on from here. */
  cursor: string;
  /** The row itself. */
  node: ScheduledRun;
}
/** One thing that a credential may be used for. */
export type Scope =
  /** Log errors. */
  | "INGEST"
  /** Ask and watch. */
  | "READ"
  /** Act on issues and alerts. */
  | "TRIAGE"
  /** Change settings, people and access. */
  | "ADMIN";
/** The library that reported. */
export interface SdkInfo {
  __typename: "SdkInfo";
  /** Its name. */
  name: string | null;
  /** Its version. */
  version: string | null;
}
/** What is searched. */
export type SearchSubject =
  /** Issues, as by `issues(search:)`. */
  | "ISSUES"
  /** Events, as by `events(search:)`. */
  | "EVENTS";
/** A text that may be typed next in a search, and what it takes the place of. */
export interface SearchSuggestion {
  __typename: "SearchSuggestion";
  /** The text, in quotes where it needs them: `service:`, `"Ada L"`. */
  text: string;
  /** What it is. */
  kind: SuggestionKind;
  /** It takes the place of the characters from this one on, counted from 0 in code points, … */
  start: number;
  /** … and before this one. */
  end: number;
}
/** By which way a test is to come. */
export type SendTestNotificationInput = {
  /** By which way. */
  channel: Channel;
  /** To which of your verified contact methods; left out, the first by that way. */
  destination?: string | null;
};
/** Where a code is to be sent. */
export type SendVerificationCodeInput = {
  /** Which. */
  contactMethodId: string;
};
/** Whether you want mail of a kind. */
export type SetMailSubscriptionInput = {
  /** Of which kind. */
  kind: NotificationKind;
  /** Whether you want it. Of what somebody must act on (alerts, all that is CRITICAL) it comes anyway. */
  isSubscribed: boolean;
};
/** Puts somebody on call, or takes them off. */
export type SetOnCallInput = {
  /** Who: yourself, or as ADMIN anybody. */
  developerId: string;
  /** Whether they are to be on call from now on. */
  onCall: boolean;
  /** When it ends by itself; left out, it goes on until somebody ends it. */
  until?: DateTime | null;
};
/** All response targets of a project, or of the installation. */
export type SetResponseTargetsInput = {
  /** All of them; none to take them away. */
  targets: Array<ResponseTargetInput>;
  /** Whose; left out, of all projects that have none of their own for that severity. */
  projectId?: string | null;
};
/** How bad an issue is. */
export type SetSeverityInput = {
  /** The issue. */
  issueId: string;
  /** How bad it is; its events do not change that any more. */
  severity: Severity;
  /** Why, for the timeline; at most 2,000 characters. */
  note?: string | null;
};
/** How bad an event or issue is, mildest first. */
export type Severity =
  /** Worth knowing. */
  | "INFO"
  /** Annoying, can wait. */
  | "LOW"
  /** Somebody should look at it. */
  | "MEDIUM"
  /** Users suffer; somebody is told at once. */
  | "HIGH"
  /** The service is down or losing data; somebody is woken. */
  | "CRITICAL";
/** How many events have a severity. */
export interface SeverityCount {
  __typename: "SeverityCount";
  /** The severity. */
  severity: Severity;
  /** How many events. */
  count: Count;
}
/** A span in which somebody is on call, or nobody: from `start` on, and before `end`. */
export interface Shift {
  __typename: "Shift";
  /** From when on. */
  start: DateTime;
  /** Until just before when; null where it has no end (by a schedule: none in 100 days). */
  end: DateTime | null;
  /** Whether an override, or `setOnCall`, made it so, not the turns of a rotation. */
  isOverride: boolean;
  /** Who is on call; null in a gap, and where you may not see them. */
  developer: Developer | null;
}
/** One message that would be sent, or why none would be. */
export interface SimulatedNotification {
  __typename: "SimulatedNotification";
  /** When it would leave. */
  at: DateTime;
  /** How high the alert would have climbed; 0 at its beginning. */
  level: number;
  /** By which way; null where nobody would be told. */
  channel: Channel | null;
  /** Why it would be held back, or why nobody would be told. */
  warning: string | null;
  /** To whom; null where nobody would be told, or you may not see them. */
  developer: Developer | null;
  /** The address that it would go to, its secrets left out; null where its owner is. */
  destination: string | null;
}
/** Until when an issue is to be quiet: give one of `until`, `for` and `untilEventCount`. */
export type SnoozeIssueInput = {
  /** The issue. */
  issueId: string;
  /** Until then, at most 366 days from now. */
  until?: DateTime | null;
  /** For so long, at most 366 days. */
  for?: Duration | null;
  /** Until it has had so many events in all: more than its present `eventCount`. */
  untilEventCount?: number | null;
  /** Why, for the timeline; at most 2,000 characters. */
  note?: string | null;
};
/** Leads from what a bundler wrote to what somebody wrote. Uploaded by HTTP. */
export interface SourceMap {
  __typename: "SourceMap";
  /** Global and opaque: pass it as it is. */
  id: string;
  /** The address of the file that it is of, or its debug id. */
  name: string;
  /** The release whose file it is of; null where the debug id says. */
  release: string | null;
  /** The build of that release; null: it is for each that has none of its own. */
  dist: string | null;
  /** The debug id by which it is found, 32 hex digits. */
  debugId: string | null;
  /** Its bytes as it was uploaded. */
  size: number;
  /** Its bytes as it is stored, which count for the project. */
  storedBytes: number;
  /** How many original files it leads to. */
  sourceCount: number;
  /** When it was uploaded. */
  uploadedAt: DateTime;
  /** When an event last used it, to the hour, or its upload. */
  lastUsedAt: DateTime;
}
/** The map as it was, or why not. */
export type SourceMapResult = InvalidInput | NotFound | SourceMap;
/** Which grouping keys of an issue are another one. */
export type SplitIssueInput = {
  /** The issue. */
  issueId: string;
  /** The keys that leave, in hex as `Issue.grouping` has them, 1 to 1,000; at least one by which events came must leave, and one must stay. */
  groupingKeys: Array<string>;
};
/** One call on the stack. */
export interface StackFrame {
  __typename: "StackFrame";
  /** The function. */
  function: string | null;
  /** The module, package or class. */
  module: string | null;
  /** The file, as short as the reporter gave it. */
  filename: string | null;
  /** The file's whole path. */
  absolutePath: string | null;
  /** The line in the file, from 1. */
  line: number | null;
  /** The column in the line. */
  column: number | null;
  /** The line of source itself. */
  contextLine: string | null;
  /** Lines of source before it. */
  preContext: Array<string>;
  /** Lines of source after it. */
  postContext: Array<string>;
  /** Whether it is the application's own code, not a library's. */
  inApp: boolean;
  /** Local variables, with secrets redacted. */
  variables: JSON | null;
}
/** One call on the stack. */
export type StackFrameInput = {
  /** The function that was running. */
  function?: string | null;
  /** Its module, package or namespace. */
  module?: string | null;
  /** Its file, as short as the language gives it. */
  filename?: string | null;
  /** Its file, whole. */
  absolutePath?: string | null;
  /** The line, from 1. */
  line?: number | null;
  /** The column, from 1. */
  column?: number | null;
  /** The line of code itself. */
  contextLine?: string | null;
  /** The lines before it. */
  preContext?: Array<string> | null;
  /** The lines after it. */
  postContext?: Array<string> | null;
  /** Whether it is your code and not a library's; left out, the path decides. */
  inApp?: boolean | null;
  /** Local variables; secrets are redacted. */
  variables?: JSON | null;
};
/** Figures of a range, all out of one snapshot; each costs only those who select it. What is about issues counts those that had such events on the UTC days which the range touches. */
export interface Stats {
  __typename: "Stats";
  /** From when on: a whole hour; or a UTC day where an issue was named, or the range is longer than 90 days or begins before them. */
  from: DateTime;
  /** Until when, itself not included. */
  to: DateTime;
  /** How many events there were. */
  total: Count;
  /** How many issues had events. */
  issues: Count;
  /** How many of these were first seen in the range. */
  newIssues: Count;
  /** How many of these came back in the range, after they had been resolved. */
  regressions: Count;
  /** About how many users had such events on the UTC days which the range touches, each counted once: the standard error is 1.6 %. Null where the range begins more than 90 days ago. Where an issue was named: exactly how many it ever had. */
  usersAffected: Count | null;
  /** Events by severity, mildest first. */
  bySeverity: Array<SeverityCount>;
  /** Issues by where triage stands now. */
  byStatus: Array<StatusCount>;
  /** Events by service, most first. */
  byService: Array<NamedCount>;
  /** Events by environment, most first. */
  byEnvironment: Array<NamedCount>;
  /** Events by release, most first; those without one are left out. Null where an issue was named, whose events are not counted by release. */
  byRelease: Array<NamedCount> | null;
  /** Events over time, oldest first, with the points that have none. */
  timeline: Array<TimePoint>;
  /** The issues that had most events. */
  topIssues: Array<Issue>;
  /** Surges that were under way in the range, newest first: far more events than usual, of a service or of an issue. They are found every minute and are of all environments and severities together, whatever the filter says of these. */
  surges: Array<Surge>;
  /** How long issues that were acknowledged in the range had waited, since they were first seen, came back, were reopened or awoke, on average; none where none was. */
  meanTimeToAcknowledge: Duration | null;
  /** How long issues that were acknowledged in the range had waited, since they were first seen, came back, were reopened or awoke, at the median; none where none was. */
  medianTimeToAcknowledge: Duration | null;
  /** How long issues that were resolved in the range had stood, snoozes included, since they were first seen, came back or were reopened, on average; none where none was. */
  meanTimeToResolve: Duration | null;
  /** How long issues that were resolved in the range had stood, snoozes included, since they were first seen, came back or were reopened, at the median; none where none was. */
  medianTimeToResolve: Duration | null;
  /** Of the issues that were first seen, came back or were reopened in the range, the share that is resolved now, from 0 to 1; none where there were none. */
  resolutionRate: number | null;
  /** Of the issues that were resolved in the range, the share of NOT_AN_ERROR, from 0 to 1; none where none was. */
  falsePositiveRate: number | null;
  /** Of the issues that opened in the range and were to be acknowledged in a time that is over, or were, the share that was in time, from 0 to 1, by the `responseTargets` as they are now; none where there were none. */
  acknowledgedInTime: number | null;
  /** Of the issues that opened in the range and were to be resolved in a time that is over, or were, the share that was in time, from 0 to 1, by the `responseTargets` as they are now; none where there were none. */
  resolvedInTime: number | null;
  /** Within which time half of the messages left that were written in the range and are sent, but for those that wait by the recipient's wish; none where none was. */
  notificationLatencyP50: Duration | null;
  /** Within which time 95 % of the messages left that were written in the range and are sent, but for those that wait by the recipient's wish; none where none was. */
  notificationLatencyP95: Duration | null;
  /** The figures of the range of the same length just before, out of the same snapshot; null where that begins before there are counts. The hour that is now is in the range, though it is not over. */
  previous: PreviousStats | null;
  /** By how many percent there were more events, or fewer, in the hours of the range that are over (in the UTC days, where such are covered) than in as many just before; null where those had none, or begin before there are counts. */
  changePercent: number | null;
}
/** What is counted: the events that pass every part that is given. */
export type StatsFilter = {
  /** Slugs of projects. Left out: all; an empty list: none. */
  project?: Array<string> | null;
  /** Services that reported. Left out: all; an empty list: none. */
  service?: Array<string> | null;
  /** Environments. Left out: all; an empty list: none. */
  environment?: Array<string> | null;
  /** Severities of the events. Left out: all; an empty list: none. */
  severity?: Array<Severity> | null;
  /** The least severity of the events. */
  minSeverity?: Severity | null;
  /** The issue that they belong to now. Then all figures are of whole UTC days. */
  issue?: string | null;
};
/** Figures as of now; each costs only those who select it. */
export interface StatsTick {
  __typename: "StatsTick";
  /** As of when. */
  at: DateTime;
  /** How many events were received in the last whole UTC minute before `at`: an exact count of those that are stored by now. */
  perMinute: number;
  /** The events of `perMinute` by severity, mildest first. */
  bySeverity: Array<SeverityCount>;
  /** Figures of the last 24 hours, as `Query.stats` has them. */
  stats: Stats;
}
/** How many issues are in a state. */
export interface StatusCount {
  __typename: "StatusCount";
  /** The state. */
  status: IssueStatus;
  /** How many issues. */
  count: Count;
}
/** Sent first (unless `after` is gone: then a `StreamReset` is), and every 30 s when nothing else is; and when a stream that began in the past has caught up. Nothing that matches lies before this cursor, but what was sent. */
export interface StreamPosition {
  __typename: "StreamPosition";
  /** Pass it as `after` to go on from here. */
  cursor: Cursor;
  /** When it was said. */
  at: DateTime;
  /** Whether the stream has caught up with what happens now. */
  isLive: boolean;
}
/** What `after` pointed to is gone; the stream goes on from here. Ask the queries for the rest. */
export interface StreamReset {
  __typename: "StreamReset";
  /** Pass it as `after` to go on from here. */
  cursor: Cursor;
  /** Why it is gone. */
  reason: StreamResetReason;
}
/** Why a stream could not go on from `after`. */
export type StreamResetReason =
  /** What it pointed to is older than the feed is kept. */
  | "EXPIRED"
  /** The database was restored from a backup. */
  | "RESTORED"
  /** Too much has happened since. */
  | "TOO_FAR_BEHIND";
/** What can be watched: over WebSocket (`graphql-transport-ws`), server-sent events or multipart responses. */
export interface Subscription {
  __typename: "Subscription";
  /** Each event that matches, from now on; or from just after `after`, with nothing lost and nothing twice. */
  errorLogged: ErrorStreamItem;
  /** Each step of triage on the issues that match when it is told. */
  issueChanged: IssueStreamItem;
  /** Each step of an alert, in the order in which it took them: from now on, or from just after `after`, with nothing lost and nothing twice. */
  alertChanged: AlertStreamItem;
  /** Each notification that is sent, of the projects that you may see, and to you about none; those on dashboards too. */
  notificationSent: NotificationStreamItem;
  /** Figures, at once and then every so often, computed once for all who ask the same. There is nothing to resume: each tick stands for itself. */
  statsTicked: StatsTick;
}
/** What a suggestion is in the language of searches. */
export type SuggestionKind =
  /** A key, with its colon. */
  | "KEY"
  /** `OR`, or a sign that compares. */
  | "OPERATOR"
  /** A value of the key before it. */
  | "VALUE";
/** Far more events than usual, of a service or of an issue in it, explained as it was at its worst. */
export interface Surge {
  __typename: "Surge";
  /** When it began, to the minute. */
  at: DateTime;
  /** When it was over; null while it lasts. */
  endedAt: DateTime | null;
  /** Where. */
  service: string;
  /** How long the minutes are that `expected` and `actual` are of. */
  window: Duration;
  /** How many events are usual then: the median of that hour of the week, with the level of the last day; the mean of the last day where less than three weeks are known. */
  expected: number;
  /** How many events there were. */
  actual: number;
  /** By how many standard deviations that is more: (actual - expected) / spread, which is estimated from the median absolute deviation, and at least the square root of what is expected. */
  score: number;
  /** The issue whose events they are; null where they are of the service as a whole. */
  issue: Issue | null;
}
/** Tocsin itself. */
export interface SystemActor {
  __typename: "SystemActor";
  /** Which part of it. */
  name: string;
}
/** A label that the reporter chose. */
export interface Tag {
  __typename: "Tag";
  /** What it is about. */
  key: string;
  /** What it says. */
  value: string;
}
/** A word to find events by. */
export type TagInput = {
  /** At most 64 characters. */
  key: string;
  /** At most 200 characters; longer ones are cut. */
  value: string;
};
/** The events that have a tag of that key whose value passes. */
export type TagPatternInput = {
  /** At most 64 characters. */
  key: string;
  /** A pattern for the whole of it: `*` stands for any characters, `?` for one. */
  value: string;
};
/** A value that a tag of an issue had in one of its events at least. */
export interface TagValue {
  __typename: "TagValue";
  /** The key of the tag. */
  key: string;
  /** The value. */
  value: string;
  /** When it came first. */
  firstSeenAt: DateTime;
  /** How many of the newest 1,000 events of the issue that are kept have it among their first 20 tags. */
  recentCount: number;
}
/** People who share projects. */
export interface Team {
  __typename: "Team";
  /** Global and opaque: pass it as it is. */
  id: string;
  /** Short and unique. */
  slug: string;
  /** The name for people. */
  name: string;
  /** Who is in it, by name. */
  members: Array<Developer>;
  /** Who leads it; null where nobody does, or nobody you may see. */
  lead: Developer | null;
  /** The projects it has, as far as you may see them, by slug. */
  projects: Array<Project>;
}
/** The team as it is now, or why not. */
export type TeamResult = Conflict | InvalidInput | NotFound | Team;
/** A span in which somebody is off, from `start` on and before `end`: routing gives them nothing. */
export interface TimeOff {
  __typename: "TimeOff";
  /** Global and opaque: pass it as it is. */
  id: string;
  /** From when on. */
  start: DateTime;
  /** Until just before when. */
  end: DateTime;
}
/** The time off as it is now, or was, or why not. */
export type TimeOffResult = InvalidInput | NotFound | TimeOff;
/** One point of a timeline. */
export interface TimePoint {
  __typename: "TimePoint";
  /** When it starts. */
  at: DateTime;
  /** How many events it has. */
  count: Count;
  /** The same by severity, mildest first. */
  bySeverity: Array<SeverityCount>;
}
/** A span of time: from `since` on and before `until`, either left open; or else the `last` so much. */
export type TimeRange = {
  /** Its start, which it includes. */
  since?: DateTime | null;
  /** Its end, which it does not include. */
  until?: DateTime | null;
  /** From so long ago until now. */
  last?: Duration | null;
};
/** Where a pattern is going, as one week compares to the one before. */
export type Trend =
  /** None in the last week. */
  | "GONE"
  /** A third fewer events, or fewer than that. */
  | "FALLING"
  /** About as many. */
  | "STEADY"
  /** First seen within the last week. */
  | "NEW"
  /** Half as many events more, or more than that. */
  | "RISING";
/** Which issue is to be nobody's. */
export type UnassignIssueInput = {
  /** The issue. */
  issueId: string;
  /** Why, for the timeline; at most 2,000 characters. */
  note?: string | null;
};
/** What is to change of an alert rule; what is left out stays. */
export type UpdateAlertRuleInput = {
  /** Which. */
  alertRuleId: string;
  /** One line of at most 200 characters. */
  name?: string | null;
  /** Whether it fires. */
  isEnabled?: boolean | null;
  /** From which value on it fires. */
  threshold?: number | null;
  /** Over how long it counts. */
  window?: Duration | null;
  /** All that it looks at. */
  filter?: AlertRuleFilterInput | null;
  /** The policy that its alerts climb; null for that of the service. */
  policyId?: string | null;
  /** All whom it tells. */
  recipients?: Array<string> | null;
  /** By which channels only. */
  channels?: Array<Channel> | null;
  /** PT1M to P7D. */
  cooldown?: Duration | null;
  /** When it may fire; null for always. */
  activeHours?: QuietHoursInput | null;
  /** The text of the messages that it causes; null for the text of others. */
  template?: string | null;
};
/** What is to change of a contact method. */
export type UpdateContactMethodInput = {
  /** Which. */
  contactMethodId: string;
  /** Whether it is to be used. */
  isEnabled: boolean;
};
/** What is to change of a developer; what is left out stays. */
export type UpdateDeveloperInput = {
  /** Who. */
  developerId: string;
  /** One line of at most 200 characters. */
  name?: string | null;
  /** A mail address that no other developer has. */
  email?: string | null;
  /** At most your own. */
  role?: Role | null;
  /** A name of the IANA database. */
  timezone?: string | null;
  /** All services that they know. */
  services?: Array<string> | null;
  /** Whom their alerts climb to; null for nobody. */
  managerId?: string | null;
  /** From 0 to 1000. */
  maxLoad?: number | null;
};
/** What is to change of an escalation policy; what is left out stays. */
export type UpdateEscalationPolicyInput = {
  /** Which. */
  policyId: string;
  /** One line of at most 200 characters. */
  name?: string | null;
  /** All steps, first to last. */
  steps?: Array<EscalationStepInput> | null;
  /** Whose it is; null for all projects. */
  teamId?: string | null;
  /** All services that it is for. */
  services?: Array<string> | null;
  /** From 0 to 9. */
  repeat?: number | null;
};
/** What is to change of an imported calendar, from now on; what is left out stays. It is read once more. */
export type UpdateImportedCalendarInput = {
  /** Which. */
  importedCalendarId: string;
  /** One line of at most 200 characters. */
  name?: string | null;
  /** Where it is, in place of a text or another address. */
  url?: string | null;
  /** What is in it, in place of an address. */
  text?: string | null;
};
/** What is to change of an ingest key; what is left out stays. */
export type UpdateIngestKeyInput = {
  /** Which. */
  ingestKeyId: string;
  /** One line of at most 200 characters. */
  name?: string | null;
  /** How many events a minute it may log, from 1; null for any number. */
  rateLimitPerMinute?: number | null;
  /** All of its mapping for `/webhook/generic/`, at most 100 entries; of several for a field the first counts that finds something. */
  mapping?: Array<FieldMappingInput> | null;
};
/** What is to change of a notification rule; what is left out stays. */
export type UpdateNotificationRuleInput = {
  /** Which. */
  notificationRuleId: string;
  /** By which way. */
  channel?: Channel | null;
  /** From which severity on. */
  minSeverity?: Severity | null;
  /** Which list. */
  importance?: Importance | null;
  /** How long after, at most a day. */
  delay?: Duration | null;
  /** When not; null for never. */
  quietHours?: QuietHoursInput | null;
  /** For how long what it brings is gathered; null: each leaves at once. */
  digestEvery?: Duration | null;
};
/** What is to change of a template; what is left out stays. */
export type UpdateNotificationTemplateInput = {
  /** Which. */
  notificationTemplateId: string;
  /** The text; at most 4,000 characters. */
  text?: string | null;
  /** The subject of a mail, at most 500 characters; null for the usual one. */
  subject?: string | null;
};
/** What is to change of an override, from now on; what is left out stays. */
export type UpdateOverrideInput = {
  /** Which. */
  overrideId: string;
  /** From when on. */
  start?: DateTime | null;
  /** Until just before when: in the future. */
  end?: DateTime | null;
  /** Who is to be on call; null for nobody. */
  addId?: string | null;
  /** Who is not to be; null for nobody. */
  removeId?: string | null;
  /** Why; null for no word. */
  note?: string | null;
};
/** What is to change of a project; what is left out stays. */
export type UpdateProjectInput = {
  /** Which. */
  projectId: string;
  /** One line of at most 200 characters. */
  name?: string | null;
  /** How much it may log. */
  plan?: Plan | null;
  /** How long its events are kept, P1D to P3650D. */
  retention?: Duration | null;
  /** How many events are kept at most, 1,000 to 10,000,000; null for no bound. */
  maxEvents?: number | null;
  /** All its own words for secrets. */
  redactKeys?: Array<string> | null;
  /** All its own rules of grouping; they hold for events that come 5 seconds later. */
  groupingRules?: GroupingRulesInput | null;
  /** Who is told when nobody else can be; null for nobody. */
  ownerId?: string | null;
  /** How many events an hour it may log, from 1; null for what its plan allows, which is the most. */
  hourlyQuota?: number | null;
  /** Whether far more events than are usual for it are turned away. */
  spikeProtection?: boolean | null;
  /** All that it turns away, in place of what it did. */
  inboundFilters?: InboundFiltersInput | null;
  /** All its sampling rules, at most 20, in their order. */
  samplingRules?: Array<SamplingRuleInput> | null;
  /** All its rules of who owns what, at most 50, in their order. */
  ownershipRules?: Array<OwnershipRuleInput> | null;
};
/** What is to change of a rotation, from now on; what is left out stays. */
export type UpdateRotationInput = {
  /** Which. */
  rotationId: string;
  /** One line of at most 200 characters. */
  name?: string | null;
  /** In what `length` is counted. */
  kind?: RotationKind | null;
  /** From 1 to 1000. */
  length?: number | null;
  /** When the first turn begins. */
  startsAt?: DateTime | null;
  /** All who are to take turns, in this order. */
  participantIds?: Array<string> | null;
  /** All days on which it is to count. */
  activeDays?: Array<number> | null;
  /** From which time on it counts; null, as `activeUntil`: all day. */
  activeFrom?: string | null;
  /** Before which time it counts; null, as `activeFrom`: all day. */
  activeUntil?: string | null;
};
/** What is to change of a search that is kept; what is left out stays. */
export type UpdateSavedSearchInput = {
  /** Which. */
  savedSearchId: string;
  /** What people call it; at most 100 characters. */
  name?: string | null;
  /** The search. */
  search?: string | null;
  /** What issues are sorted by; null as the list has it. */
  orderBy?: IssueOrder | null;
};
/** What is to change of a schedule, from now on; what is left out stays. */
export type UpdateScheduleInput = {
  /** Which. */
  scheduleId: string;
  /** One line of at most 200 characters. */
  name?: string | null;
  /** A name of the IANA database. */
  timezone?: string | null;
  /** All services that it is for; none: all. */
  services?: Array<string> | null;
  /** Whose it is; null for nobody's: everybody sees it. */
  teamId?: string | null;
  /** Whether people are told when they come on call, and go. */
  notifyHandoff?: boolean | null;
  /** How long before they come on call they are told besides; null: only when they do. */
  notifyAhead?: Duration | null;
};
/** What is to change of a team; what is left out stays. */
export type UpdateTeamInput = {
  /** Which. */
  teamId: string;
  /** At most 50 of a-z, 0-9 and single hyphens. */
  slug?: string | null;
  /** One line of at most 200 characters. */
  name?: string | null;
  /** Who leads it; null for nobody. */
  leadId?: string | null;
  /** All who are to be in it. */
  memberIds?: Array<string> | null;
  /** All projects that it is to have. */
  projectIds?: Array<string> | null;
};
/** What is to change of a time off; what is left out stays. */
export type UpdateTimeOffInput = {
  /** Which. */
  timeOffId: string;
  /** From when on. */
  start?: DateTime | null;
  /** Until just before when. */
  end?: DateTime | null;
};
/** To whom it happened. */
export interface UserInfo {
  __typename: "UserInfo";
  /** The application's own id of the user. */
  id: string | null;
  /** The mail address. */
  email: string | null;
  /** The name. */
  username: string | null;
  /** The network address. */
  ipAddress: string | null;
}
/** Whom it happened to; counted as one user by the first of these that is given. */
export type UserInput = {
  /** Your own id of the user. */
  id?: string | null;
  /** Mail address. */
  email?: string | null;
  /** Name they sign in with. */
  username?: string | null;
  /** Address they came from. */
  ipAddress?: string | null;
};
/** The code that came. */
export type VerifyContactMethodInput = {
  /** Which. */
  contactMethodId: string;
  /** The six digits. */
  code: string;
};
/** Who you are, and what you may do. */
export interface Viewer {
  __typename: "Viewer";
  /** What your credential may be used for. */
  scopes: Array<Scope>;
  /** For whom you act; null where it is for nobody. */
  developer: Developer | null;
  /** How many notifications to you are not marked as read, counted up to 10,000. */
  unreadNotifications: number;
  /** The kinds of notifications of which you get no mail, but of what somebody must act on. */
  unsubscribedKinds: Array<NotificationKind>;
}
/** How much somebody has to do, in the projects that you may see. The last seven days end now. */
export interface Workload {
  __typename: "Workload";
  /** Whose it is. */
  developer: Developer;
  /** How many unresolved issues are theirs. */
  open: number;
  /** How many of these somebody has acknowledged. */
  acknowledged: number;
  /** How many of these have an open alert that has climbed. */
  escalated: number;
  /** How many issues they resolved, whosever those were. */
  resolvedLast7Days: number;
  /** How many alerts they were told of by a message that left; each once, however often and by however many ways. The dashboard is no message. */
  pagesLast7Days: number;
  /** How many of these came from 22:00 to 07:00 by their own clock. */
  nightPagesLast7Days: number;
  /** Their pages as a share, from 0 to 1, of those of all in this list: for one of n people, 1/n is even. Null where nobody had any. */
  pageShare: number | null;
  /** The same of the pages at night. */
  nightPageShare: number | null;
  /** `open` as a share of `maxLoad`: 1 is full. A `maxLoad` of 0 counts as 1. */
  utilisation: number;
  /** How long the issues that they resolved in the last seven days had stood, at the median, as in `Stats.medianTimeToResolve`; null where there were none. */
  medianTimeToResolve: Duration | null;
}
