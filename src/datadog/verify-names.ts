import { type InputIssue, toSentence } from '../base/errors.ts';
import { asRecord } from '../base/json.ts';
import { quoteShort } from '../base/truncate.ts';
import { getJson } from '../http/client.ts';
import { HttpError } from '../http/errors.ts';
import { fetchCaseTypes, findBuiltInTypeName } from './case-types.ts';
import type { DatadogClient } from './client.ts';
import { UUID_PATTERN } from './ids.ts';
import { fetchProjects } from './projects.ts';
import { type NamesToResolve, resolveNames } from './resolve-names.ts';
import { fetchStatusNames, findStatusName } from './statuses.ts';

/** What a dry run checks although a real run would send it unchecked. */
export interface NamesToVerify {
  readonly project: string;
  readonly caseType: string;
  readonly assignee: string;
  readonly statusName: string;
}

/** What a dry run found. */
export interface Verification {
  readonly issues: readonly InputIssue[];
  /** What could not be checked. */
  readonly warnings: readonly InputIssue[];
}

/**
 * Checks that IDs exist and that the case type, by ID, has the status. Names are checked by looking them up.
 * Makes at least one authenticated request. Throws LookupError if a request fails.
 */
export async function verifyNames(
  client: DatadogClient,
  names: NamesToVerify,
  typeId: string,
): Promise<Verification> {
  const [status, ...issues] = await Promise.all([
    verifyStatus(client, typeId, names.statusName),
    verifyProject(client, names.project),
    verifyCaseType(client, names.caseType),
    verifyAssignee(client, names.assignee),
  ]);
  return { issues: [...status.issues, ...issues.flat()], warnings: status.warnings };
}

/** Checks a project that is given by its UUID. Makes a request in any case. Throws LookupError if that fails. */
export async function verifyProject(client: DatadogClient, project: string): Promise<InputIssue[]> {
  const projects = await fetchProjects(client, project);
  return isListed(projects, project) ? [] : [describeNotFound('project', project, 'project')];
}

async function verifyCaseType(client: DatadogClient, caseType: string): Promise<InputIssue[]> {
  if (!UUID_PATTERN.test(caseType) || findBuiltInTypeName(caseType.toLowerCase())) return [];
  const types = await fetchCaseTypes(client, caseType);
  return isListed(types, caseType) ? [] : [describeNotFound('type_id', caseType, 'case type')];
}

/** Looking up a user needs a permission that opening a case doesn't, so a 403 is not an issue. */
async function verifyAssignee(client: DatadogClient, assignee: string): Promise<InputIssue[]> {
  if (!UUID_PATTERN.test(assignee)) return [];
  try {
    const response = await getJson(client, `/api/v2/users/${encodeURIComponent(assignee.toLowerCase())}`);
    const { disabled } = asRecord(asRecord(asRecord(response).data).attributes);
    if (disabled !== true) return [];
    return [{ input: 'assignee', text: `user ${quoteShort(assignee)} is disabled.` }];
  } catch (error) {
    if (error instanceof HttpError && error.status === 404)
      return [describeNotFound('assignee', assignee, 'user')];
    client.log(`Could not check the assignee: ${toSentence(error)}`);
    return [];
  }
}

async function verifyStatus(
  client: DatadogClient,
  typeId: string,
  statusName: string,
): Promise<Verification> {
  const issues: InputIssue[] = [];
  const warnings: InputIssue[] = [];
  if (statusName) {
    const input = 'status_name';
    const names = await fetchStatusNames(client, typeId);
    if (!names.length)
      warnings.push({ input, text: 'not checked, because Datadog lists no statuses for this case type.' });
    else if (!findStatusName(names, statusName))
      issues.push({
        input,
        text: `the case type has no status ${quoteShort(statusName)}. Use one of: ${names.join(', ')}.`,
      });
  }
  return { issues, warnings };
}

function isListed(entities: readonly { readonly id: string }[], input: string): boolean {
  return !UUID_PATTERN.test(input) || entities.some(({ id }) => id.toLowerCase() === input.toLowerCase());
}

function describeNotFound(input: string, id: string, noun: string): InputIssue {
  return { input, text: `${noun} ${quoteShort(id)} not found. Check the UUID, and that the key has access.` };
}

/** What a failure would need: names that are looked up, and IDs that would be sent unchecked. */
type NamesOfFailure = NamesToVerify & NamesToResolve;

/**
 * Finds names and IDs that don't exist any more, of those that would be used if the job failed. What can't be checked,
 * because a permission is missing, is left out. Throws LookupError if there is no answer.
 */
export async function findStaleNames(
  client: DatadogClient,
  names: NamesOfFailure,
): Promise<readonly InputIssue[]> {
  const anyProject = Promise.resolve({ id: '', label: '' });
  const [resolved, ...issues] = await Promise.all([
    resolveNames(client, anyProject, names),
    verifyCaseType(client, names.caseType),
    verifyAssignee(client, names.assignee),
  ]);
  return [...resolved.omissions, ...issues.flat()];
}
