import { type InputIssue, toSentence } from '../base/errors.ts';
import { asRecord } from '../base/json.ts';
import { quoteShort } from '../base/truncate.ts';
import { fetchJson } from '../http/client.ts';
import { HttpError } from '../http/errors.ts';
import { fetchCaseTypes, findBuiltInTypeName, isDeleted } from './case-types.ts';
import type { DatadogClient } from './client.ts';
import { type Entity, UUID_PATTERN } from './entities.ts';
import { LookupError } from './errors.ts';
import { fetchProjects } from './projects.ts';
import { type NamesToResolve, resolveNames } from './resolve-names.ts';
import { findStatusName, listStatusNames, type StatusNames } from './statuses.ts';

/** What a dry run checks although a real run would send it unchecked. */
interface NamesToVerify {
  readonly project: string;
  readonly caseType: string;
  readonly assignee: string;
  readonly statusName: string;
}

/** What a dry run found. */
interface Verification {
  readonly issues: readonly InputIssue[];
  /** What could not be checked. */
  readonly warnings: readonly InputIssue[];
}

/**
 * Checks that IDs exist and that the case type, by ID, has the status for an open case. Names are checked by looking
 * them up. Makes at least one authenticated request, or has been preceded by one that looked up the project. Throws
 * LookupError if a request fails.
 */
export async function verifyNames(
  client: DatadogClient,
  names: NamesToVerify,
  typeId: string,
): Promise<Verification> {
  const [type, ...issues] = await Promise.all([
    verifyCaseType(client, names, typeId),
    verifyProject(client, names.project),
    verifyAssignee(client, names.assignee),
  ]);
  return { issues: [...issues.flat(), ...type.issues], warnings: type.warnings };
}

/** Checks a project that is given by its UUID; others were found by a request. Throws LookupError if one fails. */
export async function verifyProject(client: DatadogClient, project: string): Promise<InputIssue[]> {
  if (!UUID_PATTERN.test(project)) return [];
  const projects = await fetchProjects(client, project);
  return isListed(projects, project) ? [] : [describeNotFound('project', project, 'project')];
}

/** Checks a case type that is given by its UUID, and the status. Makes a request only if there is one of them. */
async function verifyCaseType(
  client: DatadogClient,
  { caseType, statusName }: NamesToVerify,
  typeId: string,
): Promise<Verification> {
  const isCustomId = UUID_PATTERN.test(caseType) && !findBuiltInTypeName(caseType.toLowerCase());
  if (!isCustomId && !statusName) return { issues: [], warnings: [] };
  const types = await fetchCaseTypes(client, `look up the case type ${quoteShort(caseType)}`);
  const typeIssues = isCustomId ? findTypeIssues(types, caseType) : [];
  if (!statusName || typeIssues.length) return { issues: typeIssues, warnings: [] };
  return verifyStatus(listStatusNames(types, typeId), statusName);
}

function findTypeIssues(types: readonly Entity[], caseType: string): InputIssue[] {
  const type = types.find(({ id }) => id.toLowerCase() === caseType.toLowerCase());
  if (!type) return [describeNotFound('type_id', caseType, 'case type')];
  if (!isDeleted(type)) return [];
  return [{ input: 'type_id', text: `case type ${quoteShort(caseType)} was deleted in Datadog.` }];
}

/** Checks the status of a case that is to be opened. */
function verifyStatus({ open, closed }: StatusNames, statusName: string): Verification {
  const input = 'status_name';
  if (!open.length && !closed.length) {
    const text = 'not checked, because Datadog lists no statuses for this case type.';
    return { issues: [], warnings: [{ input, text }] };
  }
  if (findStatusName(open, statusName)) return { issues: [], warnings: [] };
  const name = findStatusName(closed, statusName);
  const problem = name
    ? `${quoteShort(name)} is a closing status: a new case would not be open.`
    : `the case type has no status ${quoteShort(statusName)}.`;
  return { issues: [{ input, text: `${problem} Use one of: ${open.join(', ')}.` }], warnings: [] };
}

/** Looking up a user needs a permission that opening a case doesn't, so a 403 is not an issue. */
async function verifyAssignee(client: DatadogClient, assignee: string): Promise<InputIssue[]> {
  if (!UUID_PATTERN.test(assignee)) return [];
  try {
    const response = await fetchJson(client, `/api/v2/users/${encodeURIComponent(assignee.toLowerCase())}`);
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

function isListed(entities: readonly { readonly id: string }[], input: string): boolean {
  return entities.some(({ id }) => id.toLowerCase() === input.toLowerCase());
}

function describeNotFound(input: string, id: string, noun: string): InputIssue {
  return { input, text: `${noun} ${quoteShort(id)} not found. Check the UUID, and that the key has access.` };
}

/** What a failure would need: names that are looked up, and IDs that would be sent unchecked. */
export type NamesOfFailure = NamesToVerify & NamesToResolve;

/**
 * Finds names and IDs that don't exist any more, of those that would be used if the job failed. What can't be checked,
 * because a permission is missing or Datadog doesn't answer, is left out. Throws LookupError if the types or projects of
 * the organization can't be looked up.
 */
export async function fetchStaleNames(
  client: DatadogClient,
  names: NamesOfFailure,
): Promise<readonly InputIssue[]> {
  const anyProject = Promise.resolve({ id: '', label: '' });
  const [{ omissions }, project, type, assignee] = await Promise.all([
    resolveNames(client, anyProject, names),
    verifyProject(client, names.project),
    verifyCaseType(client, { ...names, statusName: '' }, ''),
    verifyAssignee(client, names.assignee),
  ]);
  const stale = omissions.filter(({ cause }) => !(cause instanceof LookupError));
  return [...project, ...stale, ...type.issues, ...assignee];
}
