import { asPositiveInteger, asRecord, asString, type JsonObject } from '../base/json.ts';
import { parseRun, parseSha, type ReportedItem, type RunContext } from './run-context.ts';

/**
 * What an event about a check or a deployment reports. The run of the step only reports it, and usually goes well.
 * `undefined` for other events. Never throws: what is unknown or malformed is empty.
 * Source: https://docs.github.com/webhooks/webhook-events-and-payloads
 */
export function readReportedItem(context: RunContext, payload: unknown): ReportedItem | undefined {
  const event = asRecord(payload);
  switch (context.eventName) {
    case 'check_run':
      return readCheckRun(context, asRecord(event.check_run));
    case 'check_suite':
      return readCheckSuite(context, asRecord(event.check_suite));
    case 'deployment_status':
      return readDeployingRun(context, asRecord(event.workflow_run));
    default:
      return undefined;
  }
}

/** A check of a workflow's job has the page of that job, others have one of their own. */
function readCheckRun({ repositoryUrl }: RunContext, check: JsonObject): ReportedItem {
  const id = asPositiveInteger(check.id);
  const ownPage = id && repositoryUrl ? `${repositoryUrl}/runs/${id}` : '';
  return {
    kind: 'check',
    name: asString(check.name) || readApp(check),
    url: keepOnServer(check.html_url, repositoryUrl) || ownPage,
  };
}

/** A check suite has no page of its own: its checks are listed with all others of the commit. */
function readCheckSuite({ repositoryUrl }: RunContext, suite: JsonObject): ReportedItem {
  const sha = parseSha(suite.head_sha);
  const url = sha && repositoryUrl ? `${repositoryUrl}/commit/${sha}/checks` : '';
  return { kind: 'check-suite', name: readApp(suite), url };
}

/** The run of the workflow that created the deployment. Deployments by other apps have none. */
function readDeployingRun({ repositoryUrl }: RunContext, raw: JsonObject): ReportedItem {
  const run = parseRun(repositoryUrl, raw);
  const isAttemptKnown = asPositiveInteger(raw.run_attempt) !== undefined;
  const url = isAttemptKnown ? run?.url : run && `${repositoryUrl}/actions/runs/${run.id}`;
  return { kind: 'deployment', name: run?.label ?? '', url: url ?? '' };
}

function readApp({ app }: JsonObject): string {
  return asString(asRecord(app).slug);
}

/** The address without its query if it is on the same server as the repository; otherwise empty. */
function keepOnServer(address: unknown, repositoryUrl: string): string {
  const url = URL.parse(asString(address));
  return url && url.origin === URL.parse(repositoryUrl)?.origin ? `${url.origin}${url.pathname}` : '';
}
