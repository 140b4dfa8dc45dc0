// What a program in TypeScript may do with the client, and what its compiler holds it from; compiled, and never run.
import { Client, TocsinError, type Item } from "tocsin-client";
import { ListIssues, LogError, OpenDashboard, ShowViewer, WatchErrors, WatchStats, type WatchErrorsData } from "tocsin-client/operations";
import type { Issue, Severity } from "tocsin-client/schema";

const client = new Client({ url: "http://127.0.0.1:8470/graphql", token: async () => "tcs_…" });

export const severities = async (): Promise<Severity[]> => {
  const { issues } = await client.run(ListIssues, { filter: { status: ["UNRESOLVED"] }, first: 10 });
  return issues?.nodes.map((issue) => issue.severity) ?? [];
};

export const report = async (message: string): Promise<string> => {
  const { logError } = await client.run(LogError, { input: { service: "shop", errorType: "Error", message } });
  if (logError && "message" in logError) throw new Error(`${logError.code}: ${logError.message}`);
  return logError?.issueShortId ?? "";
};

export const follow = async (show: (item: Item<WatchErrorsData>) => void): Promise<void> => {
  const { streamPosition } = await client.run(OpenDashboard);
  for await (const item of client.watch(WatchErrors, { after: streamPosition }, { onBreak: (problem, ms) => console.log(problem.code, ms) })) {
    show(item);
    if (item.__typename === "ErrorLogged") console.log(item.event.message, item.issue.eventCount + 1);
    if (item.__typename === "StreamReset") console.log(item.reason satisfies "EXPIRED" | "RESTORED" | "TOO_FAR_BEHIND");
  }
  for await (const tick of client.watch(WatchStats, { every: "PT5S" })) console.log(tick.perMinute);
};

export const retried = (problem: unknown): number | null => (problem instanceof TocsinError ? problem.retryAfter : null);

export const titled = (issue: Issue): string => issue.title;

// @ts-expect-error: there is no such status
void client.run(ListIssues, { filter: { status: ["MUTED"] } });
// @ts-expect-error: an input is needed
void client.run(LogError);
// @ts-expect-error: a service is needed
void client.run(LogError, { input: { errorType: "Error", message: "" } });
// @ts-expect-error: it takes no variables
void client.run(ShowViewer, { first: 1 });
// @ts-expect-error: there is no such field
void client.run(ShowViewer).then(({ viewer }) => viewer.password);
