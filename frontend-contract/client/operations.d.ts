// Written by `make sdl`.
import type * as Schema from "./schema.js";

/** The text of an operation, that knows its variables and its data. */
export type Operation<Data, Variables> = string & { readonly __of?: (variables: Variables) => Data };

export type AcknowledgeAlertVariables = {
  input: Schema.AlertInput;
};
export type AcknowledgeAlertData = {
  acknowledgeAlert: {
    id: string;
    status: Schema.AlertStatus;
    level: number;
    acknowledgedBy: {
      name: string;
    } | null;
    issue: {
      shortId: string;
    } | null;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const AcknowledgeAlert: Operation<AcknowledgeAlertData, AcknowledgeAlertVariables>;

export type AcknowledgeIssueVariables = {
  input: Schema.AcknowledgeIssueInput;
};
export type AcknowledgeIssueData = {
  acknowledgeIssue: {
    id: string;
    shortId: string;
    status: Schema.IssueStatus;
    version: number;
    acknowledgedAt: Schema.DateTime | null;
    alert: {
      id: string;
      status: Schema.AlertStatus;
    } | null;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const AcknowledgeIssue: Operation<AcknowledgeIssueData, AcknowledgeIssueVariables>;

export type AssignIssueVariables = {
  input: Schema.AssignIssueInput;
};
export type AssignIssueData = {
  assignIssue: {
    id: string;
    shortId: string;
    status: Schema.IssueStatus;
    version: number;
    assignee: {
      name: string;
    } | null;
    assignmentReason: string | null;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const AssignIssue: Operation<AssignIssueData, AssignIssueVariables>;

export type CommentOnIssueVariables = {
  input: Schema.CommentOnIssueInput;
};
export type CommentOnIssueData = {
  commentOnIssue: {
    id: string;
    at: Schema.DateTime;
    note: string | null;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const CommentOnIssue: Operation<CommentOnIssueData, CommentOnIssueVariables>;

export type CompareReleasesVariables = {
  project: string;
  base: string;
  head: string;
  first?: number | null;
};
export type CompareReleasesData = {
  releaseComparison: {
    newIn: {
      nodes: Array<{
        shortId: string;
        title: string;
        eventCount: Schema.Count;
      }>;
      totalCount: Schema.Count;
    };
    fixedIn: {
      nodes: Array<{
        shortId: string;
        title: string;
        resolvedAt: Schema.DateTime | null;
      }>;
      totalCount: Schema.Count;
    };
    regressedIn: {
      nodes: Array<{
        shortId: string;
        title: string;
        eventCount: Schema.Count;
      }>;
      totalCount: Schema.Count;
    };
  } | null;
};
export const CompareReleases: Operation<CompareReleasesData, CompareReleasesVariables>;

export type CreateAlertRuleVariables = {
  input: Schema.CreateAlertRuleInput;
};
export type CreateAlertRuleData = {
  createAlertRule: {
    id: string;
    name: string;
    trigger: Schema.AlertTrigger;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const CreateAlertRule: Operation<CreateAlertRuleData, CreateAlertRuleVariables>;

export type CreateApiTokenVariables = {
  input: Schema.CreateApiTokenInput;
};
export type CreateApiTokenData = {
  createApiToken: {
    secret: string;
    apiToken: {
      id: string;
      name: string;
      scopes: Array<Schema.Scope>;
      expiresAt: Schema.DateTime | null;
    };
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const CreateApiToken: Operation<CreateApiTokenData, CreateApiTokenVariables>;

export type CreateCalendarUrlVariables = {
  input: Schema.CreateCalendarUrlInput;
};
export type CreateCalendarUrlData = {
  createCalendarUrl: {
    url: string | null;
    schedule: {
      id: string;
      hasCalendarUrl: boolean;
    } | null;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const CreateCalendarUrl: Operation<CreateCalendarUrlData, CreateCalendarUrlVariables>;

export type CreateContactMethodVariables = {
  input: Schema.CreateContactMethodInput;
};
export type CreateContactMethodData = {
  createContactMethod: {
    contactMethod: {
      id: string;
      channel: Schema.Channel;
      value: string;
      isVerified: boolean;
    };
    signingSecret: string | null;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const CreateContactMethod: Operation<CreateContactMethodData, CreateContactMethodVariables>;

export type CreateDeveloperVariables = {
  input: Schema.CreateDeveloperInput;
};
export type CreateDeveloperData = {
  createDeveloper: {
    id: string;
    name: string;
    email: string;
    role: Schema.Role;
    services: Array<string>;
    maxLoad: number;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const CreateDeveloper: Operation<CreateDeveloperData, CreateDeveloperVariables>;

export type CreateEscalationPolicyVariables = {
  input: Schema.CreateEscalationPolicyInput;
};
export type CreateEscalationPolicyData = {
  createEscalationPolicy: {
    id: string;
    name: string;
    steps: Array<{
      level: number;
      delay: Schema.Duration;
    }>;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const CreateEscalationPolicy: Operation<CreateEscalationPolicyData, CreateEscalationPolicyVariables>;

export type CreateImportedCalendarVariables = {
  input: Schema.CreateImportedCalendarInput;
};
export type CreateImportedCalendarData = {
  createImportedCalendar: {
    id: string;
    name: string;
    url: string | null;
    readAt: Schema.DateTime;
    failure: string | null;
    failedAt: Schema.DateTime | null;
    shiftCount: number;
    unmatched: Array<string>;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const CreateImportedCalendar: Operation<CreateImportedCalendarData, CreateImportedCalendarVariables>;

export type CreateIngestKeyVariables = {
  input: Schema.CreateIngestKeyInput;
};
export type CreateIngestKeyData = {
  createIngestKey: {
    id: string;
    name: string;
    publicKey: string;
    dsn: string;
    isActive: boolean;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const CreateIngestKey: Operation<CreateIngestKeyData, CreateIngestKeyVariables>;

export type CreateNotificationRuleVariables = {
  input: Schema.CreateNotificationRuleInput;
};
export type CreateNotificationRuleData = {
  createNotificationRule: {
    id: string;
    importance: Schema.Importance;
    channel: Schema.Channel;
    minSeverity: Schema.Severity;
    delay: Schema.Duration;
    quietHours: {
      start: string;
      end: string;
      timezone: string | null;
      exceptCritical: boolean;
    } | null;
    digestEvery: Schema.Duration | null;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const CreateNotificationRule: Operation<CreateNotificationRuleData, CreateNotificationRuleVariables>;

export type CreateNotificationTemplateVariables = {
  input: Schema.CreateNotificationTemplateInput;
};
export type CreateNotificationTemplateData = {
  createNotificationTemplate: {
    id: string;
    channel: Schema.Channel;
    kind: Schema.NotificationKind | null;
    subject: string | null;
    text: string;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const CreateNotificationTemplate: Operation<CreateNotificationTemplateData, CreateNotificationTemplateVariables>;

export type CreateOverrideVariables = {
  input: Schema.CreateOverrideInput;
};
export type CreateOverrideData = {
  createOverride: {
    id: string;
    start: Schema.DateTime;
    end: Schema.DateTime;
    add: {
      name: string;
    } | null;
    remove: {
      name: string;
    } | null;
    note: string | null;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const CreateOverride: Operation<CreateOverrideData, CreateOverrideVariables>;

export type CreateProjectVariables = {
  input: Schema.CreateProjectInput;
};
export type CreateProjectData = {
  createProject: {
    id: string;
    slug: string;
    name: string;
    retention: Schema.Duration;
    redactKeys: Array<string>;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const CreateProject: Operation<CreateProjectData, CreateProjectVariables>;

export type CreateRotationVariables = {
  input: Schema.CreateRotationInput;
};
export type CreateRotationData = {
  createRotation: {
    id: string;
    name: string;
    kind: Schema.RotationKind;
    length: number;
    startsAt: Schema.DateTime;
    activeDays: Array<number>;
    activeFrom: string | null;
    activeUntil: string | null;
    participants: Array<{
      name: string;
    }>;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const CreateRotation: Operation<CreateRotationData, CreateRotationVariables>;

export type CreateSavedSearchVariables = {
  input: Schema.CreateSavedSearchInput;
};
export type CreateSavedSearchData = {
  createSavedSearch: {
    id: string;
    name: string;
    subject: Schema.SearchSubject;
    search: string;
    orderField: Schema.IssueOrderField | null;
    orderDirection: Schema.OrderDirection | null;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const CreateSavedSearch: Operation<CreateSavedSearchData, CreateSavedSearchVariables>;

export type CreateScheduleVariables = {
  input: Schema.CreateScheduleInput;
};
export type CreateScheduleData = {
  createSchedule: {
    id: string;
    name: string;
    timezone: string;
    services: Array<string>;
    notifyHandoff: boolean;
    notifyAhead: Schema.Duration | null;
    team: {
      slug: string;
    } | null;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const CreateSchedule: Operation<CreateScheduleData, CreateScheduleVariables>;

export type CreateSigningSecretVariables = {
  input: Schema.CreateSigningSecretInput;
};
export type CreateSigningSecretData = {
  createSigningSecret: {
    secret: string;
    ingestKey: {
      id: string;
      name: string;
      isSigned: boolean;
    };
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const CreateSigningSecret: Operation<CreateSigningSecretData, CreateSigningSecretVariables>;

export type CreateTeamVariables = {
  input: Schema.CreateTeamInput;
};
export type CreateTeamData = {
  createTeam: {
    id: string;
    slug: string;
    name: string;
    members: Array<{
      name: string;
    }>;
    projects: Array<{
      slug: string;
    }>;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const CreateTeam: Operation<CreateTeamData, CreateTeamVariables>;

export type CreateTimeOffVariables = {
  input: Schema.CreateTimeOffInput;
};
export type CreateTimeOffData = {
  createTimeOff: {
    id: string;
    start: Schema.DateTime;
    end: Schema.DateTime;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const CreateTimeOff: Operation<CreateTimeOffData, CreateTimeOffVariables>;

export type DeleteAlertRuleVariables = {
  input: Schema.DeleteAlertRuleInput;
};
export type DeleteAlertRuleData = {
  deleteAlertRule: {
    id: string;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const DeleteAlertRule: Operation<DeleteAlertRuleData, DeleteAlertRuleVariables>;

export type DeleteCalendarUrlVariables = {
  input: Schema.DeleteCalendarUrlInput;
};
export type DeleteCalendarUrlData = {
  deleteCalendarUrl: {
    url: string | null;
    schedule: {
      id: string;
      hasCalendarUrl: boolean;
    } | null;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const DeleteCalendarUrl: Operation<DeleteCalendarUrlData, DeleteCalendarUrlVariables>;

export type DeleteContactMethodVariables = {
  input: Schema.DeleteContactMethodInput;
};
export type DeleteContactMethodData = {
  deleteContactMethod: {
    id: string;
    channel: Schema.Channel;
    value: string;
    isVerified: boolean;
    isEnabled: boolean;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const DeleteContactMethod: Operation<DeleteContactMethodData, DeleteContactMethodVariables>;

export type DeleteEscalationPolicyVariables = {
  input: Schema.DeleteEscalationPolicyInput;
};
export type DeleteEscalationPolicyData = {
  deleteEscalationPolicy: {
    id: string;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const DeleteEscalationPolicy: Operation<DeleteEscalationPolicyData, DeleteEscalationPolicyVariables>;

export type DeleteImportedCalendarVariables = {
  input: Schema.DeleteImportedCalendarInput;
};
export type DeleteImportedCalendarData = {
  deleteImportedCalendar: {
    id: string;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const DeleteImportedCalendar: Operation<DeleteImportedCalendarData, DeleteImportedCalendarVariables>;

export type DeleteNotificationRuleVariables = {
  input: Schema.DeleteNotificationRuleInput;
};
export type DeleteNotificationRuleData = {
  deleteNotificationRule: {
    id: string;
    importance: Schema.Importance;
    channel: Schema.Channel;
    minSeverity: Schema.Severity;
    delay: Schema.Duration;
    quietHours: {
      start: string;
      end: string;
      timezone: string | null;
      exceptCritical: boolean;
    } | null;
    digestEvery: Schema.Duration | null;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const DeleteNotificationRule: Operation<DeleteNotificationRuleData, DeleteNotificationRuleVariables>;

export type DeleteNotificationTemplateVariables = {
  input: Schema.DeleteNotificationTemplateInput;
};
export type DeleteNotificationTemplateData = {
  deleteNotificationTemplate: {
    id: string;
    channel: Schema.Channel;
    kind: Schema.NotificationKind | null;
    subject: string | null;
    text: string;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const DeleteNotificationTemplate: Operation<DeleteNotificationTemplateData, DeleteNotificationTemplateVariables>;

export type DeleteOverrideVariables = {
  input: Schema.DeleteOverrideInput;
};
export type DeleteOverrideData = {
  deleteOverride: {
    id: string;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const DeleteOverride: Operation<DeleteOverrideData, DeleteOverrideVariables>;

export type DeleteRotationVariables = {
  input: Schema.DeleteRotationInput;
};
export type DeleteRotationData = {
  deleteRotation: {
    id: string;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const DeleteRotation: Operation<DeleteRotationData, DeleteRotationVariables>;

export type DeleteSavedSearchVariables = {
  input: Schema.DeleteSavedSearchInput;
};
export type DeleteSavedSearchData = {
  deleteSavedSearch: {
    id: string;
    name: string;
    subject: Schema.SearchSubject;
    search: string;
    orderField: Schema.IssueOrderField | null;
    orderDirection: Schema.OrderDirection | null;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const DeleteSavedSearch: Operation<DeleteSavedSearchData, DeleteSavedSearchVariables>;

export type DeleteScheduleVariables = {
  input: Schema.DeleteScheduleInput;
};
export type DeleteScheduleData = {
  deleteSchedule: {
    id: string;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const DeleteSchedule: Operation<DeleteScheduleData, DeleteScheduleVariables>;

export type DeleteSigningSecretVariables = {
  input: Schema.DeleteSigningSecretInput;
};
export type DeleteSigningSecretData = {
  deleteSigningSecret: {
    id: string;
    name: string;
    isActive: boolean;
    isSigned: boolean;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const DeleteSigningSecret: Operation<DeleteSigningSecretData, DeleteSigningSecretVariables>;

export type DeleteSourceMapVariables = {
  input: Schema.DeleteSourceMapInput;
};
export type DeleteSourceMapData = {
  deleteSourceMap: {
    id: string;
    name: string;
    release: string | null;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const DeleteSourceMap: Operation<DeleteSourceMapData, DeleteSourceMapVariables>;

export type DeleteTimeOffVariables = {
  input: Schema.DeleteTimeOffInput;
};
export type DeleteTimeOffData = {
  deleteTimeOff: {
    id: string;
    start: Schema.DateTime;
    end: Schema.DateTime;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const DeleteTimeOff: Operation<DeleteTimeOffData, DeleteTimeOffVariables>;

export type ErasePersonVariables = {
  input: Schema.ErasePersonInput;
};
export type ErasePersonData = {
  erasePerson: {
    requestedAt: Schema.DateTime;
    finishedAt: Schema.DateTime | null;
    eventsRead: Schema.Count;
    eventsChanged: Schema.Count;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const ErasePerson: Operation<ErasePersonData, ErasePersonVariables>;

export type EscalateAlertVariables = {
  input: Schema.AlertInput;
};
export type EscalateAlertData = {
  escalateAlert: {
    id: string;
    status: Schema.AlertStatus;
    level: number;
    acknowledgedBy: {
      name: string;
    } | null;
    issue: {
      shortId: string;
    } | null;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const EscalateAlert: Operation<EscalateAlertData, EscalateAlertVariables>;

export type EscalateIssueVariables = {
  input: Schema.EscalateIssueInput;
};
export type EscalateIssueData = {
  escalateIssue: {
    id: string;
    shortId: string;
    status: Schema.IssueStatus;
    version: number;
    alert: {
      id: string;
      status: Schema.AlertStatus;
      level: number;
    } | null;
    escalations: Array<{
      level: number;
      reason: string;
      to: Array<{
        name: string;
      }>;
    }>;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const EscalateIssue: Operation<EscalateIssueData, EscalateIssueVariables>;

export type FetchNodeVariables = {
  id: string;
};
export type FetchNodeData = {
  node: {
    __typename: "Activity" | "Alert" | "AlertRule" | "ApiToken" | "ContactMethod" | "Developer" | "Escalation" | "EscalationPolicy" | "Event" | "Feedback" | "ImportedCalendar" | "IngestKey" | "Notification" | "NotificationRule" | "NotificationTemplate" | "Override" | "Pattern" | "Project" | "Rotation" | "SavedSearch" | "Schedule" | "SourceMap" | "Team" | "TimeOff";
    id: string;
  } | {
    __typename: "Issue";
    id: string;
    shortId: string;
  } | null;
};
export const FetchNode: Operation<FetchNodeData, FetchNodeVariables>;

export type FetchNodesVariables = {
  ids: Array<string>;
};
export type FetchNodesData = {
  nodes: Array<{
    __typename: "Activity" | "Alert" | "AlertRule" | "ApiToken" | "ContactMethod" | "Escalation" | "EscalationPolicy" | "Event" | "Feedback" | "ImportedCalendar" | "IngestKey" | "Notification" | "NotificationRule" | "NotificationTemplate" | "Override" | "Pattern" | "Project" | "Rotation" | "SavedSearch" | "Schedule" | "SourceMap" | "Team" | "TimeOff";
    id: string;
  } | {
    __typename: "Developer";
    id: string;
    name: string;
  } | {
    __typename: "Issue";
    id: string;
    shortId: string;
  } | null> | null;
};
export const FetchNodes: Operation<FetchNodesData, FetchNodesVariables>;

export type IgnoreIssueVariables = {
  input: Schema.IgnoreIssueInput;
};
export type IgnoreIssueData = {
  ignoreIssue: {
    id: string;
    shortId: string;
    status: Schema.IssueStatus;
    version: number;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const IgnoreIssue: Operation<IgnoreIssueData, IgnoreIssueVariables>;

export type ListAlertRulesVariables = {
  project?: string | null;
};
export type ListAlertRulesData = {
  alertRules: Array<{
    id: string;
    name: string;
    isEnabled: boolean;
    trigger: Schema.AlertTrigger;
    threshold: number | null;
    window: Schema.Duration | null;
    filter: Schema.JSON;
    project: {
      slug: string;
    } | null;
    policy: {
      name: string;
    } | null;
    recipients: Array<{
      __typename: "Developer" | "Schedule" | "Team";
      id: string;
      name: string;
    }>;
    channels: Array<Schema.Channel>;
    cooldown: Schema.Duration;
    activeHours: {
      start: string;
      end: string;
      timezone: string | null;
      exceptCritical: boolean;
    } | null;
    template: string | null;
    lastFiredAt: Schema.DateTime | null;
  }> | null;
};
export const ListAlertRules: Operation<ListAlertRulesData, ListAlertRulesVariables>;

export type ListAlertsVariables = {
  status?: Array<Schema.AlertStatus> | null;
  first?: number | null;
  after?: string | null;
};
export type ListAlertsData = {
  alerts: {
    nodes: Array<{
      id: string;
      status: Schema.AlertStatus;
      trigger: Schema.AlertTrigger;
      severity: Schema.Severity;
      message: string;
      level: number;
      triggeredAt: Schema.DateTime;
      acknowledgedBy: {
        name: string;
      } | null;
      issue: {
        shortId: string;
      } | null;
    }>;
    pageInfo: {
      hasNextPage: boolean;
      endCursor: string | null;
    };
  } | null;
};
export const ListAlerts: Operation<ListAlertsData, ListAlertsVariables>;

export type ListDevelopersVariables = {
  service?: string | null;
  onCall?: boolean | null;
  first?: number;
  after?: string | null;
};
export type ListDevelopersData = {
  developers: {
    nodes: Array<{
      id: string;
      name: string;
      email: string;
      role: Schema.Role;
      services: Array<string>;
      isOnCall: boolean;
      onCallUntil: Schema.DateTime | null;
      currentLoad: number;
      maxLoad: number;
      manager: {
        name: string;
      } | null;
      teams: Array<{
        slug: string;
      }>;
    }>;
    pageInfo: {
      hasNextPage: boolean;
      endCursor: string | null;
    };
  } | null;
};
export const ListDevelopers: Operation<ListDevelopersData, ListDevelopersVariables>;

export type ListEscalationPoliciesVariables = Record<string, never>;
export type ListEscalationPoliciesData = {
  escalationPolicies: Array<{
    id: string;
    name: string;
    services: Array<string>;
    repeat: number;
    team: {
      slug: string;
    } | null;
    steps: Array<{
      level: number;
      delay: Schema.Duration;
      channels: Array<Schema.Channel>;
      targets: Array<{
        __typename: "Developer" | "Schedule" | "Team";
        id: string;
        name: string;
      }>;
    }>;
  }> | null;
};
export const ListEscalationPolicies: Operation<ListEscalationPoliciesData, ListEscalationPoliciesVariables>;

export type ListEventsVariables = {
  filter?: Schema.EventFilter | null;
  search?: string | null;
  first?: number | null;
  after?: string | null;
};
export type ListEventsData = {
  events: {
    nodes: Array<{
      id: string;
      eventId: string;
      service: string;
      environment: string;
      release: string | null;
      severity: Schema.Severity;
      errorType: string;
      message: string;
      receivedAt: Schema.DateTime;
      issue: {
        shortId: string;
      };
    }>;
    pageInfo: {
      hasNextPage: boolean;
      endCursor: string | null;
    };
  } | null;
};
export const ListEvents: Operation<ListEventsData, ListEventsVariables>;

export type ListIssuesVariables = {
  filter?: Schema.IssueFilter | null;
  search?: string | null;
  orderBy?: Schema.IssueOrder | null;
  first?: number | null;
  after?: string | null;
};
export type ListIssuesData = {
  issues: {
    nodes: Array<{
      id: string;
      shortId: string;
      title: string;
      culprit: string | null;
      service: string;
      environments: Array<string>;
      severity: Schema.Severity;
      status: Schema.IssueStatus;
      isRegression: boolean;
      eventCount: Schema.Count;
      userCount: Schema.Count;
      lastSeenAt: Schema.DateTime;
      assignee: {
        name: string;
      } | null;
    }>;
    pageInfo: {
      hasNextPage: boolean;
      endCursor: string | null;
    };
  } | null;
};
export const ListIssues: Operation<ListIssuesData, ListIssuesVariables>;

export type ListNotificationTemplatesVariables = Record<string, never>;
export type ListNotificationTemplatesData = {
  notificationTemplates: Array<{
    id: string;
    channel: Schema.Channel;
    kind: Schema.NotificationKind | null;
    subject: string | null;
    text: string;
    project: {
      slug: string;
    } | null;
  }> | null;
};
export const ListNotificationTemplates: Operation<ListNotificationTemplatesData, ListNotificationTemplatesVariables>;

export type ListNotificationsVariables = {
  status?: Array<Schema.NotificationStatus> | null;
  first?: number | null;
  after?: string | null;
};
export type ListNotificationsData = {
  notifications: {
    nodes: Array<{
      id: string;
      kind: Schema.NotificationKind;
      channel: Schema.Channel;
      destination: string;
      subject: string;
      status: Schema.NotificationStatus;
      reason: string;
      nextAttemptAt: Schema.DateTime | null;
      sentAt: Schema.DateTime | null;
      recipient: {
        name: string;
      } | null;
      issue: {
        shortId: string;
      } | null;
      attempts: Array<{
        at: Schema.DateTime;
        succeeded: boolean;
        detail: string | null;
      }>;
    }>;
    pageInfo: {
      hasNextPage: boolean;
      endCursor: string | null;
    };
  } | null;
};
export const ListNotifications: Operation<ListNotificationsData, ListNotificationsVariables>;

export type ListPatternsVariables = {
  service?: string | null;
  orderBy?: Schema.PatternOrder | null;
  first?: number | null;
  after?: string | null;
};
export type ListPatternsData = {
  patterns: {
    nodes: Array<{
      id: string;
      template: string;
      errorType: string;
      eventCount: Schema.Count;
      issueCount: Schema.Count;
      affectedServices: Array<string>;
      trend: Schema.Trend;
      changePercent: number | null;
      lastSeenAt: Schema.DateTime;
    }>;
    totalCount: Schema.Count;
    pageInfo: {
      hasNextPage: boolean;
      endCursor: string | null;
    };
  } | null;
};
export const ListPatterns: Operation<ListPatternsData, ListPatternsVariables>;

export type ListProjectsVariables = Record<string, never>;
export type ListProjectsData = {
  projects: Array<{
    id: string;
    slug: string;
    name: string;
    plan: Schema.Plan;
    retention: Schema.Duration;
    services: Array<string>;
    environments: Array<string>;
    ingestKeys: Array<{
      id: string;
      name: string;
      publicKey: string;
      dsn: string;
      isActive: boolean;
      lastUsedAt: Schema.DateTime | null;
    }>;
  }> | null;
};
export const ListProjects: Operation<ListProjectsData, ListProjectsVariables>;

export type ListResponseTargetsVariables = {
  project?: string | null;
};
export type ListResponseTargetsData = {
  responseTargets: {
    targets: Array<{
      severity: Schema.Severity;
      acknowledgeWithin: Schema.Duration | null;
      resolveWithin: Schema.Duration | null;
      warnAt: number;
    }>;
  } | null;
};
export const ListResponseTargets: Operation<ListResponseTargetsData, ListResponseTargetsVariables>;

export type ListSavedSearchesVariables = {
  subject?: Schema.SearchSubject | null;
};
export type ListSavedSearchesData = {
  savedSearches: Array<{
    id: string;
    name: string;
    subject: Schema.SearchSubject;
    search: string;
    orderField: Schema.IssueOrderField | null;
    orderDirection: Schema.OrderDirection | null;
    owner: {
      name: string;
    } | null;
    team: {
      slug: string;
    } | null;
    project: {
      slug: string;
    } | null;
  }> | null;
};
export const ListSavedSearches: Operation<ListSavedSearchesData, ListSavedSearchesVariables>;

export type ListScheduledJobsVariables = Record<string, never>;
export type ListScheduledJobsData = {
  scheduledJobs: Array<{
    name: string;
    times: string | null;
    nextAt: Schema.DateTime | null;
    problem: string | null;
    lastRun: {
      status: Schema.RunStatus;
      startedAt: Schema.DateTime;
      finishedAt: Schema.DateTime | null;
      error: string | null;
      result: Schema.JSON | null;
    } | null;
  }> | null;
};
export const ListScheduledJobs: Operation<ListScheduledJobsData, ListScheduledJobsVariables>;

export type ListScheduledRunsVariables = {
  job?: string | null;
  first?: number | null;
  after?: string | null;
};
export type ListScheduledRunsData = {
  scheduledRuns: {
    nodes: Array<{
      job: string;
      dueAt: Schema.DateTime | null;
      status: Schema.RunStatus;
      startedAt: Schema.DateTime;
      finishedAt: Schema.DateTime | null;
      error: string | null;
      result: Schema.JSON | null;
    }>;
    pageInfo: {
      hasNextPage: boolean;
      endCursor: string | null;
    };
  } | null;
};
export const ListScheduledRuns: Operation<ListScheduledRunsData, ListScheduledRunsVariables>;

export type ListSchedulesVariables = Record<string, never>;
export type ListSchedulesData = {
  schedules: Array<{
    id: string;
    name: string;
    timezone: string;
    services: Array<string>;
    team: {
      slug: string;
    } | null;
    onCall: Array<{
      name: string;
    }>;
  }> | null;
};
export const ListSchedules: Operation<ListSchedulesData, ListSchedulesVariables>;

export type ListSourceMapsVariables = {
  slug: string;
};
export type ListSourceMapsData = {
  project: {
    id: string;
    sourceMaps: Array<{
      id: string;
      name: string;
      release: string | null;
      dist: string | null;
      debugId: string | null;
      size: number;
      storedBytes: number;
      sourceCount: number;
      uploadedAt: Schema.DateTime;
      lastUsedAt: Schema.DateTime;
    }>;
  } | null;
};
export const ListSourceMaps: Operation<ListSourceMapsData, ListSourceMapsVariables>;

export type ListTeamsVariables = Record<string, never>;
export type ListTeamsData = {
  teams: Array<{
    id: string;
    slug: string;
    name: string;
    lead: {
      name: string;
    } | null;
    members: Array<{
      name: string;
    }>;
    projects: Array<{
      slug: string;
    }>;
  }> | null;
};
export const ListTeams: Operation<ListTeamsData, ListTeamsVariables>;

export type LogErrorVariables = {
  input: Schema.LogErrorInput;
};
export type LogErrorData = {
  logError: {
    outcome: Schema.IngestOutcome;
    eventId: string | null;
    issueId: string | null;
    issueShortId: string | null;
    isNew: boolean;
    isRegression: boolean;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const LogError: Operation<LogErrorData, LogErrorVariables>;

export type LogErrorsVariables = {
  inputs: Array<Schema.LogErrorInput>;
};
export type LogErrorsData = {
  logErrors: {
    stored: number;
    refused: number;
    results: Array<{
      outcome: Schema.IngestOutcome;
      eventId: string | null;
      issueShortId: string | null;
      isNew: boolean;
      isRegression: boolean;
      failure: {
        code: Schema.FailureCode;
        message: string;
        path: Array<string> | null;
      } | null;
    }>;
  } | null;
};
export const LogErrors: Operation<LogErrorsData, LogErrorsVariables>;

export type MarkNotificationsReadVariables = {
  input: Schema.MarkNotificationsReadInput;
};
export type MarkNotificationsReadData = {
  markNotificationsRead: {
    marked: Schema.Count;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const MarkNotificationsRead: Operation<MarkNotificationsReadData, MarkNotificationsReadVariables>;

export type MergeIssuesVariables = {
  input: Schema.MergeIssuesInput;
};
export type MergeIssuesData = {
  mergeIssues: {
    id: string;
    shortId: string;
    version: number;
    eventCount: Schema.Count;
    userCount: Schema.Count;
    grouping: {
      keys: Array<string>;
    };
    mergedIssues: Array<{
      id: string;
      shortId: string;
      mergedInto: {
        id: string;
      } | null;
    }>;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const MergeIssues: Operation<MergeIssuesData, MergeIssuesVariables>;

export type OpenDashboardVariables = {
  first?: number | null;
};
export type OpenDashboardData = {
  streamPosition: Schema.Cursor | null;
  issues: {
    nodes: Array<{
      id: string;
      shortId: string;
      title: string;
      severity: Schema.Severity;
      status: Schema.IssueStatus;
      version: number;
    }>;
  } | null;
};
export const OpenDashboard: Operation<OpenDashboardData, OpenDashboardVariables>;

export type PreviewNotificationTemplateVariables = {
  input: Schema.PreviewNotificationTemplateInput;
};
export type PreviewNotificationTemplateData = {
  previewNotificationTemplate: {
    subject: string | null;
    text: string;
    html: string | null;
  } | null;
};
export const PreviewNotificationTemplate: Operation<PreviewNotificationTemplateData, PreviewNotificationTemplateVariables>;

export type ReopenIssueVariables = {
  input: Schema.ReopenIssueInput;
};
export type ReopenIssueData = {
  reopenIssue: {
    id: string;
    shortId: string;
    status: Schema.IssueStatus;
    version: number;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const ReopenIssue: Operation<ReopenIssueData, ReopenIssueVariables>;

export type ResolveAlertVariables = {
  input: Schema.AlertInput;
};
export type ResolveAlertData = {
  resolveAlert: {
    id: string;
    status: Schema.AlertStatus;
    level: number;
    acknowledgedBy: {
      name: string;
    } | null;
    issue: {
      shortId: string;
    } | null;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const ResolveAlert: Operation<ResolveAlertData, ResolveAlertVariables>;

export type ResolveIssueVariables = {
  input: Schema.ResolveIssueInput;
};
export type ResolveIssueData = {
  resolveIssue: {
    id: string;
    shortId: string;
    status: Schema.IssueStatus;
    version: number;
    resolution: Schema.Resolution | null;
    resolvedAt: Schema.DateTime | null;
    resolvedInRelease: string | null;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const ResolveIssue: Operation<ResolveIssueData, ResolveIssueVariables>;

export type RetryNotificationVariables = {
  input: Schema.RetryNotificationInput;
};
export type RetryNotificationData = {
  retryNotification: {
    id: string;
    status: Schema.NotificationStatus;
    nextAttemptAt: Schema.DateTime | null;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const RetryNotification: Operation<RetryNotificationData, RetryNotificationVariables>;

export type RevokeApiTokenVariables = {
  input: Schema.RevokeApiTokenInput;
};
export type RevokeApiTokenData = {
  revokeApiToken: {
    id: string;
    name: string;
    prefix: string;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const RevokeApiToken: Operation<RevokeApiTokenData, RevokeApiTokenVariables>;

export type RevokeIngestKeyVariables = {
  input: Schema.RevokeIngestKeyInput;
};
export type RevokeIngestKeyData = {
  revokeIngestKey: {
    id: string;
    name: string;
    publicKey: string;
    dsn: string;
    isActive: boolean;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const RevokeIngestKey: Operation<RevokeIngestKeyData, RevokeIngestKeyVariables>;

export type SendTestNotificationVariables = {
  input: Schema.SendTestNotificationInput;
};
export type SendTestNotificationData = {
  sendTestNotification: {
    id: string;
    channel: Schema.Channel;
    status: Schema.NotificationStatus;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const SendTestNotification: Operation<SendTestNotificationData, SendTestNotificationVariables>;

export type SendVerificationCodeVariables = {
  input: Schema.SendVerificationCodeInput;
};
export type SendVerificationCodeData = {
  sendVerificationCode: {
    id: string;
    channel: Schema.Channel;
    value: string;
    isVerified: boolean;
    isEnabled: boolean;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const SendVerificationCode: Operation<SendVerificationCodeData, SendVerificationCodeVariables>;

export type SetIssueSeverityVariables = {
  input: Schema.SetSeverityInput;
};
export type SetIssueSeverityData = {
  setIssueSeverity: {
    id: string;
    shortId: string;
    status: Schema.IssueStatus;
    version: number;
    severity: Schema.Severity;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const SetIssueSeverity: Operation<SetIssueSeverityData, SetIssueSeverityVariables>;

export type SetMailSubscriptionVariables = {
  input: Schema.SetMailSubscriptionInput;
};
export type SetMailSubscriptionData = {
  setMailSubscription: {
    kind: Schema.NotificationKind;
    isSubscribed: boolean;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const SetMailSubscription: Operation<SetMailSubscriptionData, SetMailSubscriptionVariables>;

export type SetOnCallVariables = {
  input: Schema.SetOnCallInput;
};
export type SetOnCallData = {
  setOnCall: {
    name: string;
    isOnCall: boolean;
    onCallUntil: Schema.DateTime | null;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const SetOnCall: Operation<SetOnCallData, SetOnCallVariables>;

export type SetResponseTargetsVariables = {
  input: Schema.SetResponseTargetsInput;
};
export type SetResponseTargetsData = {
  setResponseTargets: {
    __typename: "ResponseTargets";
    targets: Array<{
      severity: Schema.Severity;
      acknowledgeWithin: Schema.Duration | null;
      resolveWithin: Schema.Duration | null;
      warnAt: number;
    }>;
  } | {
    __typename: "NotFound" | "InvalidInput";
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const SetResponseTargets: Operation<SetResponseTargetsData, SetResponseTargetsVariables>;

export type ShowDeveloperVariables = {
  id: string;
  status?: Array<Schema.IssueStatus> | null;
};
export type ShowDeveloperData = {
  developer: {
    id: string;
    name: string;
    isOnCall: boolean;
    onCallUntil: Schema.DateTime | null;
    currentLoad: number;
    maxLoad: number;
    assigned: {
      totalCount: Schema.Count;
      nodes: Array<{
        shortId: string;
        title: string;
        severity: Schema.Severity;
        status: Schema.IssueStatus;
      }>;
    };
    apiTokens: Array<{
      id: string;
      name: string;
      prefix: string;
      scopes: Array<Schema.Scope>;
      lastUsedAt: Schema.DateTime | null;
    }>;
  } | null;
};
export const ShowDeveloper: Operation<ShowDeveloperData, ShowDeveloperVariables>;

export type ShowErasuresVariables = {
  slug: string;
};
export type ShowErasuresData = {
  project: {
    id: string;
    erasures: Array<{
      requestedAt: Schema.DateTime;
      finishedAt: Schema.DateTime | null;
      eventsRead: Schema.Count;
      eventsChanged: Schema.Count;
    }>;
  } | null;
};
export const ShowErasures: Operation<ShowErasuresData, ShowErasuresVariables>;

export type ShowEventVariables = {
  by: Schema.EventBy;
};
export type ShowEventData = {
  event: {
    id: string;
    eventId: string;
    service: string;
    environment: string;
    release: string | null;
    dist: string | null;
    severity: Schema.Severity;
    errorType: string;
    message: string;
    culprit: string | null;
    rawStackTrace: string | null;
    grouping: {
      keys: Array<string>;
      components: Array<{
        name: string;
        value: string;
        counted: boolean;
        reason: string;
      }>;
    };
    exceptions: Array<{
      type: string;
      message: string | null;
      module: string | null;
      handled: boolean | null;
      frames: Array<{
        function: string | null;
        filename: string | null;
        line: number | null;
        contextLine: string | null;
        inApp: boolean;
        variables: Schema.JSON | null;
      }>;
    }>;
    request: {
      method: string | null;
      url: string | null;
      headers: Schema.JSON | null;
    } | null;
    user: {
      id: string | null;
      email: string | null;
    } | null;
    tags: Array<{
      key: string;
      value: string;
    }>;
    breadcrumbs: Array<{
      at: Schema.DateTime | null;
      category: string | null;
      message: string | null;
    }>;
    contexts: Schema.JSON | null;
    ingestNotes: Array<string>;
    occurredAt: Schema.DateTime;
    receivedAt: Schema.DateTime;
    feedback: {
      nodes: Array<{
        at: Schema.DateTime;
        message: string;
        name: string | null;
        email: string | null;
      }>;
    };
    issue: {
      shortId: string;
    };
  } | null;
};
export const ShowEvent: Operation<ShowEventData, ShowEventVariables>;

export type ShowIssueVariables = {
  by: Schema.IssueBy;
};
export type ShowIssueData = {
  issue: {
    id: string;
    shortId: string;
    url: string;
    title: string;
    message: string;
    culprit: string | null;
    severity: Schema.Severity;
    status: Schema.IssueStatus;
    version: number;
    firstSeenAt: Schema.DateTime;
    lastSeenAt: Schema.DateTime;
    firstRelease: string | null;
    lastRelease: string | null;
    resolution: Schema.Resolution | null;
    resolvedInRelease: string | null;
    due: {
      acknowledgeAt: Schema.DateTime | null;
      isAcknowledgeBreached: boolean;
      resolveAt: Schema.DateTime | null;
      isResolveBreached: boolean;
    };
    assignee: {
      name: string;
      isOnCall: boolean;
    } | null;
    assignmentReason: string | null;
    alert: {
      id: string;
      status: Schema.AlertStatus;
      level: number;
    } | null;
    latestEvent: {
      eventId: string;
      occurredAt: Schema.DateTime;
      user: {
        id: string | null;
      } | null;
      exceptions: Array<{
        type: string;
        message: string | null;
        frames: Array<{
          filename: string | null;
          function: string | null;
          line: number | null;
          inApp: boolean;
        }>;
      }>;
    } | null;
    pattern: {
      id: string;
      template: string;
      issueCount: Schema.Count;
      trend: Schema.Trend;
    } | null;
    alsoHappensIn: Array<{
      service: string;
      issueCount: Schema.Count;
      eventCount: Schema.Count;
      lastSeenAt: Schema.DateTime;
    }>;
    similar: Array<{
      id: string;
      shortId: string;
      title: string;
    }>;
    mergedIssues: Array<{
      id: string;
      shortId: string;
      title: string;
    }>;
    grouping: {
      keys: Array<string>;
      version: number;
      components: Array<{
        name: string;
        value: string;
        counted: boolean;
        reason: string;
      }>;
    };
    feedback: {
      nodes: Array<{
        at: Schema.DateTime;
        message: string;
        name: string | null;
        email: string | null;
      }>;
    };
    activity: {
      nodes: Array<{
        at: Schema.DateTime;
        kind: Schema.ActivityKind;
        note: string | null;
        details: Schema.JSON | null;
        actor: {
          name: string;
        } | {
          name: string;
          owner: {
            name: string;
          } | null;
        } | Record<string, never> | null;
      }>;
    };
  } | null;
};
export const ShowIssue: Operation<ShowIssueData, ShowIssueVariables>;

export type ShowIssueTagsVariables = {
  by: Schema.IssueBy;
  key: string;
};
export type ShowIssueTagsData = {
  issue: {
    id: string;
    tagKeys: Array<string>;
    tagValues: Array<{
      key: string;
      value: string;
      firstSeenAt: Schema.DateTime;
      recentCount: number;
    }>;
  } | null;
};
export const ShowIssueTags: Operation<ShowIssueTagsData, ShowIssueTagsVariables>;

export type ShowPatternVariables = {
  id: string;
};
export type ShowPatternData = {
  pattern: {
    template: string;
    errorType: string;
    eventCount: Schema.Count;
    detectedAt: Schema.DateTime;
    commonEndpoints: Array<{
      name: string;
      count: Schema.Count;
    }>;
    severityDistribution: Array<{
      severity: Schema.Severity;
      count: Schema.Count;
    }>;
    timeline: Array<{
      at: Schema.DateTime;
      count: Schema.Count;
    }>;
    issues: {
      nodes: Array<{
        shortId: string;
        title: string;
        service: string;
      }>;
      totalCount: Schema.Count;
    };
  } | null;
};
export const ShowPattern: Operation<ShowPatternData, ShowPatternVariables>;

export type ShowProjectVariables = {
  slug: string;
};
export type ShowProjectData = {
  project: {
    id: string;
    slug: string;
    name: string;
    retention: Schema.Duration;
    maxEvents: number | null;
    redactKeys: Array<string>;
    groupingRules: {
      fingerprint: Array<{
        errorType: string | null;
        path: string | null;
        message: string | null;
        service: string | null;
        fingerprint: Array<string>;
      }>;
      inApp: Array<{
        path: string | null;
        module: string | null;
        inApp: boolean;
      }>;
    };
    plan: Schema.Plan;
    hourlyQuota: number | null;
    usedThisHour: number;
    droppedThisHour: Array<{
      name: string;
      count: Schema.Count;
    }>;
    spikeProtection: boolean;
    inboundFilters: {
      messages: Array<string>;
      releases: Array<string>;
      environments: Array<string>;
      browserExtensions: boolean;
      webCrawlers: boolean;
      localhost: boolean;
    };
    samplingRules: Array<{
      rate: number;
      severities: Array<Schema.Severity>;
      messages: Array<string>;
      releases: Array<string>;
      environments: Array<string>;
    }>;
    ownershipRules: Array<{
      path: string | null;
      tag: {
        key: string;
        value: string;
      } | null;
      service: string | null;
      team: {
        name: string;
      } | null;
      developers: Array<{
        name: string;
      }>;
    }>;
    services: Array<string>;
    environments: Array<string>;
    discardedBySdks: Array<{
      reason: string;
      category: string;
      count: Schema.Count;
    }>;
    feedback: {
      nodes: Array<{
        at: Schema.DateTime;
        message: string;
        name: string | null;
        email: string | null;
      }>;
    };
    owner: {
      name: string;
    } | null;
  } | null;
};
export const ShowProject: Operation<ShowProjectData, ShowProjectVariables>;

export type ShowScheduleVariables = {
  id: string;
  from: Schema.DateTime;
  to: Schema.DateTime;
};
export type ShowScheduleData = {
  schedule: {
    id: string;
    name: string;
    timezone: string;
    services: Array<string>;
    team: {
      slug: string;
    } | null;
    onCall: Array<{
      name: string;
    }>;
    rotations: Array<{
      id: string;
      name: string;
      kind: Schema.RotationKind;
      length: number;
      startsAt: Schema.DateTime;
      activeDays: Array<number>;
      activeFrom: string | null;
      activeUntil: string | null;
      participants: Array<{
        name: string;
      }>;
    }>;
    importedCalendars: Array<{
      id: string;
      name: string;
      shiftCount: number;
      unmatched: Array<string>;
      failure: string | null;
    }>;
    overrides: Array<{
      id: string;
      start: Schema.DateTime;
      end: Schema.DateTime;
      add: {
        name: string;
      } | null;
      remove: {
        name: string;
      } | null;
      note: string | null;
    }>;
    shifts: Array<{
      developer: {
        name: string;
      } | null;
      start: Schema.DateTime;
      end: Schema.DateTime | null;
      isOverride: boolean;
    }>;
    shiftsInTimeOff: Array<{
      developer: {
        name: string;
      } | null;
      start: Schema.DateTime;
      end: Schema.DateTime | null;
    }>;
    gaps: Array<{
      start: Schema.DateTime;
      end: Schema.DateTime | null;
    }>;
  } | null;
};
export const ShowSchedule: Operation<ShowScheduleData, ShowScheduleVariables>;

export type ShowStatsVariables = {
  filter?: Schema.StatsFilter | null;
  range?: Schema.TimeRange | null;
  bucket?: Schema.Bucket | null;
  timezone?: string | null;
};
export type ShowStatsData = {
  stats: {
    from: Schema.DateTime;
    to: Schema.DateTime;
    total: Schema.Count;
    issues: Schema.Count;
    newIssues: Schema.Count;
    regressions: Schema.Count;
    usersAffected: Schema.Count | null;
    changePercent: number | null;
    previous: {
      from: Schema.DateTime;
      to: Schema.DateTime;
      total: Schema.Count;
    } | null;
    bySeverity: Array<{
      severity: Schema.Severity;
      count: Schema.Count;
    }>;
    byStatus: Array<{
      status: Schema.IssueStatus;
      count: Schema.Count;
    }>;
    byService: Array<{
      name: string;
      count: Schema.Count;
    }>;
    byRelease: Array<{
      name: string;
      count: Schema.Count;
    }> | null;
    byEnvironment: Array<{
      name: string;
      count: Schema.Count;
    }>;
    timeline: Array<{
      at: Schema.DateTime;
      count: Schema.Count;
    }>;
    meanTimeToAcknowledge: Schema.Duration | null;
    medianTimeToAcknowledge: Schema.Duration | null;
    meanTimeToResolve: Schema.Duration | null;
    medianTimeToResolve: Schema.Duration | null;
    resolutionRate: number | null;
    falsePositiveRate: number | null;
    acknowledgedInTime: number | null;
    resolvedInTime: number | null;
    notificationLatencyP50: Schema.Duration | null;
    notificationLatencyP95: Schema.Duration | null;
    surges: Array<{
      at: Schema.DateTime;
      endedAt: Schema.DateTime | null;
      service: string;
      issue: {
        shortId: string;
      } | null;
      window: Schema.Duration;
      expected: number;
      actual: number;
      score: number;
    }>;
    topIssues: Array<{
      shortId: string;
      title: string;
    }>;
  } | null;
};
export const ShowStats: Operation<ShowStatsData, ShowStatsVariables>;

export type ShowViewerVariables = Record<string, never>;
export type ShowViewerData = {
  viewer: {
    scopes: Array<Schema.Scope>;
    unreadNotifications: number;
    unsubscribedKinds: Array<Schema.NotificationKind>;
    developer: {
      id: string;
      name: string;
      email: string;
      role: Schema.Role;
    } | null;
  } | null;
};
export const ShowViewer: Operation<ShowViewerData, ShowViewerVariables>;

export type ShowWorkloadVariables = {
  team?: string | null;
};
export type ShowWorkloadData = {
  workload: Array<{
    developer: {
      id: string;
      name: string;
    };
    open: number;
    acknowledged: number;
    escalated: number;
    utilisation: number;
    resolvedLast7Days: number;
    medianTimeToResolve: Schema.Duration | null;
    pagesLast7Days: number;
    nightPagesLast7Days: number;
    pageShare: number | null;
    nightPageShare: number | null;
  }> | null;
};
export const ShowWorkload: Operation<ShowWorkloadData, ShowWorkloadVariables>;

export type SimulateAlertVariables = {
  service: string;
  severity: Schema.Severity;
  at?: Schema.DateTime | null;
  project?: string | null;
};
export type SimulateAlertData = {
  simulateAlert: Array<{
    at: Schema.DateTime;
    level: number;
    developer: {
      name: string;
    } | null;
    channel: Schema.Channel | null;
    destination: string | null;
    warning: string | null;
  }> | null;
};
export const SimulateAlert: Operation<SimulateAlertData, SimulateAlertVariables>;

export type SnoozeIssueVariables = {
  input: Schema.SnoozeIssueInput;
};
export type SnoozeIssueData = {
  snoozeIssue: {
    id: string;
    shortId: string;
    status: Schema.IssueStatus;
    version: number;
    snoozedUntil: Schema.DateTime | null;
    snoozedUntilEventCount: Schema.Count | null;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const SnoozeIssue: Operation<SnoozeIssueData, SnoozeIssueVariables>;

export type SplitIssueVariables = {
  input: Schema.SplitIssueInput;
};
export type SplitIssueData = {
  splitIssue: {
    id: string;
    shortId: string;
    title: string;
    version: number;
    eventCount: Schema.Count;
    userCount: Schema.Count;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const SplitIssue: Operation<SplitIssueData, SplitIssueVariables>;

export type SuggestSearchVariables = {
  search: string;
  cursor?: number | null;
  subject?: Schema.SearchSubject;
  first?: number;
};
export type SuggestSearchData = {
  searchSuggestions: Array<{
    text: string;
    kind: Schema.SuggestionKind;
    start: number;
    end: number;
  }> | null;
};
export const SuggestSearch: Operation<SuggestSearchData, SuggestSearchVariables>;

export type TryAlertRuleVariables = {
  id: string;
  last?: Schema.Duration;
};
export type TryAlertRuleData = {
  node: Record<string, never> | {
    name: string;
    wouldHaveFired: Array<{
      at: Schema.DateTime;
      count: Schema.Count;
    }> | null;
  } | null;
};
export const TryAlertRule: Operation<TryAlertRuleData, TryAlertRuleVariables>;

export type TryGroupingRulesVariables = {
  project: string;
  rules: Schema.GroupingRulesInput;
};
export type TryGroupingRulesData = {
  groupingRulesDryRun: {
    examined: number;
    since: Schema.DateTime;
    isCut: boolean;
    moving: number;
    moves: Array<{
      events: number;
      newIssue: number | null;
      from: {
        id: string;
        shortId: string;
        title: string;
      };
      to: {
        id: string;
        shortId: string;
        title: string;
      } | null;
    }>;
  } | null;
};
export const TryGroupingRules: Operation<TryGroupingRulesData, TryGroupingRulesVariables>;

export type TryMappingVariables = {
  ingestKeyId: string;
  payload: Schema.JSON;
  mapping?: Array<Schema.FieldMappingInput> | null;
};
export type TryMappingData = {
  tryMapping: {
    fields: Schema.JSON;
    ingestNotes: Array<string>;
  } | null;
};
export const TryMapping: Operation<TryMappingData, TryMappingVariables>;

export type UnassignIssueVariables = {
  input: Schema.UnassignIssueInput;
};
export type UnassignIssueData = {
  unassignIssue: {
    id: string;
    shortId: string;
    status: Schema.IssueStatus;
    version: number;
    assignee: {
      name: string;
    } | null;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const UnassignIssue: Operation<UnassignIssueData, UnassignIssueVariables>;

export type UpdateAlertRuleVariables = {
  input: Schema.UpdateAlertRuleInput;
};
export type UpdateAlertRuleData = {
  updateAlertRule: {
    id: string;
    name: string;
    isEnabled: boolean;
    threshold: number | null;
    window: Schema.Duration | null;
    filter: Schema.JSON;
    cooldown: Schema.Duration;
    template: string | null;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const UpdateAlertRule: Operation<UpdateAlertRuleData, UpdateAlertRuleVariables>;

export type UpdateContactMethodVariables = {
  input: Schema.UpdateContactMethodInput;
};
export type UpdateContactMethodData = {
  updateContactMethod: {
    id: string;
    channel: Schema.Channel;
    value: string;
    isVerified: boolean;
    isEnabled: boolean;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const UpdateContactMethod: Operation<UpdateContactMethodData, UpdateContactMethodVariables>;

export type UpdateDeveloperVariables = {
  input: Schema.UpdateDeveloperInput;
};
export type UpdateDeveloperData = {
  updateDeveloper: {
    id: string;
    name: string;
    email: string;
    role: Schema.Role;
    services: Array<string>;
    maxLoad: number;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const UpdateDeveloper: Operation<UpdateDeveloperData, UpdateDeveloperVariables>;

export type UpdateEscalationPolicyVariables = {
  input: Schema.UpdateEscalationPolicyInput;
};
export type UpdateEscalationPolicyData = {
  updateEscalationPolicy: {
    id: string;
    name: string;
    services: Array<string>;
    repeat: number;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const UpdateEscalationPolicy: Operation<UpdateEscalationPolicyData, UpdateEscalationPolicyVariables>;

export type UpdateImportedCalendarVariables = {
  input: Schema.UpdateImportedCalendarInput;
};
export type UpdateImportedCalendarData = {
  updateImportedCalendar: {
    id: string;
    name: string;
    url: string | null;
    readAt: Schema.DateTime;
    failure: string | null;
    failedAt: Schema.DateTime | null;
    shiftCount: number;
    unmatched: Array<string>;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const UpdateImportedCalendar: Operation<UpdateImportedCalendarData, UpdateImportedCalendarVariables>;

export type UpdateIngestKeyVariables = {
  input: Schema.UpdateIngestKeyInput;
};
export type UpdateIngestKeyData = {
  updateIngestKey: {
    id: string;
    name: string;
    publicKey: string;
    dsn: string;
    isActive: boolean;
    rateLimitPerMinute: number | null;
    isSigned: boolean;
    mapping: Array<{
      field: string;
      path: string | null;
      constant: string | null;
    }>;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const UpdateIngestKey: Operation<UpdateIngestKeyData, UpdateIngestKeyVariables>;

export type UpdateNotificationRuleVariables = {
  input: Schema.UpdateNotificationRuleInput;
};
export type UpdateNotificationRuleData = {
  updateNotificationRule: {
    id: string;
    importance: Schema.Importance;
    channel: Schema.Channel;
    minSeverity: Schema.Severity;
    delay: Schema.Duration;
    quietHours: {
      start: string;
      end: string;
      timezone: string | null;
      exceptCritical: boolean;
    } | null;
    digestEvery: Schema.Duration | null;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const UpdateNotificationRule: Operation<UpdateNotificationRuleData, UpdateNotificationRuleVariables>;

export type UpdateNotificationTemplateVariables = {
  input: Schema.UpdateNotificationTemplateInput;
};
export type UpdateNotificationTemplateData = {
  updateNotificationTemplate: {
    id: string;
    channel: Schema.Channel;
    kind: Schema.NotificationKind | null;
    subject: string | null;
    text: string;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const UpdateNotificationTemplate: Operation<UpdateNotificationTemplateData, UpdateNotificationTemplateVariables>;

export type UpdateOverrideVariables = {
  input: Schema.UpdateOverrideInput;
};
export type UpdateOverrideData = {
  updateOverride: {
    id: string;
    start: Schema.DateTime;
    end: Schema.DateTime;
    add: {
      name: string;
    } | null;
    remove: {
      name: string;
    } | null;
    note: string | null;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const UpdateOverride: Operation<UpdateOverrideData, UpdateOverrideVariables>;

export type UpdateProjectVariables = {
  input: Schema.UpdateProjectInput;
};
export type UpdateProjectData = {
  updateProject: {
    id: string;
    slug: string;
    name: string;
    retention: Schema.Duration;
    maxEvents: number | null;
    redactKeys: Array<string>;
    plan: Schema.Plan;
    hourlyQuota: number | null;
    spikeProtection: boolean;
    ownershipRules: Array<{
      path: string | null;
      tag: {
        key: string;
        value: string;
      } | null;
      service: string | null;
      team: {
        name: string;
      } | null;
      developers: Array<{
        name: string;
      }>;
    }>;
    groupingRules: {
      fingerprint: Array<{
        errorType: string | null;
        path: string | null;
        message: string | null;
        service: string | null;
        fingerprint: Array<string>;
      }>;
      inApp: Array<{
        path: string | null;
        module: string | null;
        inApp: boolean;
      }>;
    };
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const UpdateProject: Operation<UpdateProjectData, UpdateProjectVariables>;

export type UpdateRotationVariables = {
  input: Schema.UpdateRotationInput;
};
export type UpdateRotationData = {
  updateRotation: {
    id: string;
    name: string;
    kind: Schema.RotationKind;
    length: number;
    startsAt: Schema.DateTime;
    activeDays: Array<number>;
    activeFrom: string | null;
    activeUntil: string | null;
    participants: Array<{
      name: string;
    }>;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const UpdateRotation: Operation<UpdateRotationData, UpdateRotationVariables>;

export type UpdateSavedSearchVariables = {
  input: Schema.UpdateSavedSearchInput;
};
export type UpdateSavedSearchData = {
  updateSavedSearch: {
    id: string;
    name: string;
    subject: Schema.SearchSubject;
    search: string;
    orderField: Schema.IssueOrderField | null;
    orderDirection: Schema.OrderDirection | null;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const UpdateSavedSearch: Operation<UpdateSavedSearchData, UpdateSavedSearchVariables>;

export type UpdateScheduleVariables = {
  input: Schema.UpdateScheduleInput;
};
export type UpdateScheduleData = {
  updateSchedule: {
    id: string;
    name: string;
    timezone: string;
    services: Array<string>;
    notifyHandoff: boolean;
    notifyAhead: Schema.Duration | null;
    team: {
      slug: string;
    } | null;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const UpdateSchedule: Operation<UpdateScheduleData, UpdateScheduleVariables>;

export type UpdateTeamVariables = {
  input: Schema.UpdateTeamInput;
};
export type UpdateTeamData = {
  updateTeam: {
    id: string;
    slug: string;
    name: string;
    members: Array<{
      name: string;
    }>;
    projects: Array<{
      slug: string;
    }>;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const UpdateTeam: Operation<UpdateTeamData, UpdateTeamVariables>;

export type UpdateTimeOffVariables = {
  input: Schema.UpdateTimeOffInput;
};
export type UpdateTimeOffData = {
  updateTimeOff: {
    id: string;
    start: Schema.DateTime;
    end: Schema.DateTime;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const UpdateTimeOff: Operation<UpdateTimeOffData, UpdateTimeOffVariables>;

export type VerifyContactMethodVariables = {
  input: Schema.VerifyContactMethodInput;
};
export type VerifyContactMethodData = {
  verifyContactMethod: {
    id: string;
    channel: Schema.Channel;
    value: string;
    isVerified: boolean;
    isEnabled: boolean;
  } | {
    code: Schema.FailureCode;
    message: string;
    path: Array<string> | null;
  } | null;
};
export const VerifyContactMethod: Operation<VerifyContactMethodData, VerifyContactMethodVariables>;

export type WatchAlertsVariables = {
  project?: string | null;
  after?: Schema.Cursor | null;
};
export type WatchAlertsData = {
  alertChanged: {
    __typename: "AlertChanged";
    cursor: Schema.Cursor;
    step: Schema.AlertStep;
    level: number;
    at: Schema.DateTime;
    alert: {
      id: string;
      status: Schema.AlertStatus;
      level: number;
      severity: Schema.Severity;
      message: string;
      nextEscalationAt: Schema.DateTime | null;
      acknowledgedBy: {
        name: string;
      } | null;
      issue: {
        shortId: string;
        service: string;
      } | null;
    };
  } | {
    __typename: "StreamPosition";
    cursor: Schema.Cursor;
    at: Schema.DateTime;
    isLive: boolean;
  } | {
    __typename: "StreamReset";
    cursor: Schema.Cursor;
    reason: Schema.StreamResetReason;
  };
};
export const WatchAlerts: Operation<WatchAlertsData, WatchAlertsVariables>;

export type WatchErrorsVariables = {
  filter?: Schema.EventFilter | null;
  onlyNewIssues?: boolean;
  after?: Schema.Cursor | null;
};
export type WatchErrorsData = {
  errorLogged: {
    __typename: "ErrorLogged";
    cursor: Schema.Cursor;
    isNew: boolean;
    isRegression: boolean;
    event: {
      service: string;
      environment: string;
      severity: Schema.Severity;
      errorType: string;
      message: string;
      receivedAt: Schema.DateTime;
    };
    issue: {
      shortId: string;
      eventCount: Schema.Count;
      status: Schema.IssueStatus;
    };
  } | {
    __typename: "StreamPosition";
    cursor: Schema.Cursor;
    at: Schema.DateTime;
    isLive: boolean;
  } | {
    __typename: "StreamReset";
    cursor: Schema.Cursor;
    reason: Schema.StreamResetReason;
  };
};
export const WatchErrors: Operation<WatchErrorsData, WatchErrorsVariables>;

export type WatchIssuesVariables = {
  filter?: Schema.IssueFilter | null;
  after?: Schema.Cursor | null;
};
export type WatchIssuesData = {
  issueChanged: {
    __typename: "IssueChanged";
    cursor: Schema.Cursor;
    activity: {
      kind: Schema.ActivityKind;
      note: string | null;
      at: Schema.DateTime;
    };
    issue: {
      shortId: string;
      version: number;
      status: Schema.IssueStatus;
      severity: Schema.Severity;
      assignee: {
        name: string;
      } | null;
    };
  } | {
    __typename: "StreamPosition";
    cursor: Schema.Cursor;
    at: Schema.DateTime;
    isLive: boolean;
  } | {
    __typename: "StreamReset";
    cursor: Schema.Cursor;
    reason: Schema.StreamResetReason;
  };
};
export const WatchIssues: Operation<WatchIssuesData, WatchIssuesVariables>;

export type WatchNotificationsVariables = {
  recipient?: string | null;
  after?: Schema.Cursor | null;
};
export type WatchNotificationsData = {
  notificationSent: {
    __typename: "NotificationSent";
    cursor: Schema.Cursor;
    notification: {
      id: string;
      kind: Schema.NotificationKind;
      channel: Schema.Channel;
      subject: string;
      reason: string;
      createdAt: Schema.DateTime;
      readAt: Schema.DateTime | null;
      recipient: {
        name: string;
      } | null;
      issue: {
        shortId: string;
        severity: Schema.Severity;
      } | null;
    };
  } | {
    __typename: "StreamPosition";
    cursor: Schema.Cursor;
    at: Schema.DateTime;
    isLive: boolean;
  } | {
    __typename: "StreamReset";
    cursor: Schema.Cursor;
    reason: Schema.StreamResetReason;
  };
};
export const WatchNotifications: Operation<WatchNotificationsData, WatchNotificationsVariables>;

export type WatchStatsVariables = {
  filter?: Schema.StatsFilter | null;
  every?: Schema.Duration | null;
};
export type WatchStatsData = {
  statsTicked: {
    __typename: "StatsTick";
    at: Schema.DateTime;
    perMinute: number;
    bySeverity: Array<{
      severity: Schema.Severity;
      count: Schema.Count;
    }>;
    stats: {
      total: Schema.Count;
      newIssues: Schema.Count;
      byService: Array<{
        name: string;
        count: Schema.Count;
      }>;
    };
  };
};
export const WatchStats: Operation<WatchStatsData, WatchStatsVariables>;

export type WhoIsOnCallVariables = {
  service?: string | null;
  at?: Schema.DateTime | null;
};
export type WhoIsOnCallData = {
  onCall: Array<{
    developer: {
      name: string;
    } | null;
    start: Schema.DateTime;
    end: Schema.DateTime | null;
    isOverride: boolean;
  }> | null;
};
export const WhoIsOnCall: Operation<WhoIsOnCallData, WhoIsOnCallVariables>;
