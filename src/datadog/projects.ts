import { InputError } from '../base/errors.ts';
import { asString } from '../base/json.ts';
import { didYouMean, sortBySimilarity, suggest } from '../base/suggest.ts';
import { quoteShort } from '../base/truncate.ts';
import type { DatadogClient } from './client.ts';
import { fetchEntities, formatAlternatives, type LookupResult, UUID_PATTERN } from './entities.ts';

/** The most alternatives that an error lists. */
const MAX_ALTERNATIVES = 20;

interface Project {
  readonly id: string;
  readonly key: string;
  readonly name: string;
}

/**
 * Finds a project by UUID (no request), key or name, in upper or lower case.
 * Throws InputError if it is unknown or ambiguous, LookupError if the request fails.
 */
export async function fetchProject(client: DatadogClient, input: string): Promise<LookupResult> {
  if (UUID_PATTERN.test(input)) return { id: input.toLowerCase(), label: input };
  const projects = await fetchProjects(client, input);
  const isInput = (text: string) => text.toLowerCase() === input.toLowerCase();
  const byKey = projects.filter(({ key }) => isInput(key));
  const matches = byKey.length ? byKey : projects.filter(({ name }) => isInput(name));
  const [match] = matches;
  if (match && matches.length === 1)
    return { id: match.id, label: isInput(match.key) ? match.key : `${input} (${match.key})` };
  const text = matches.length ? describeAmbiguity(input, matches) : describeUnknown(input, projects);
  throw new InputError([{ input: 'project', text }], 'project');
}

/** Fetches all projects that the credentials can see, in order to find `input`. Throws LookupError. */
export async function fetchProjects(client: DatadogClient, input: string): Promise<Project[]> {
  const entities = await fetchEntities(client, '/api/v2/cases/projects', {
    task: `look up the project ${quoteShort(input)}`,
    permission: 'cases_read',
  });
  return entities.map(({ id, attributes }) => ({
    id,
    key: asString(attributes.key),
    name: asString(attributes.name),
  }));
}

function describeAmbiguity(input: string, matches: readonly Project[]): string {
  const list = matches.map(({ key, name, id }) => `${key} (${quoteShort(name)}, ${id})`);
  return `Several projects are named ${quoteShort(input)}. ${formatAlternatives('Use the key or UUID of one', list, MAX_ALTERNATIVES)}`;
}

function describeUnknown(input: string, projects: readonly Project[]): string {
  const problem = `Project ${quoteShort(input)} not found.`;
  if (!projects.length)
    return `${problem} These credentials can't see any project: check the permission cases_read.`;
  const names = projects.flatMap(({ key, name }) => [key, name]);
  const withName = (text: string) => projects.filter(({ key, name }) => key === text || name === text);
  const label = ({ key, name }: Project) => `${key} (${quoteShort(name)})`;
  const suggestion = suggest(input, names);
  const [suggested, ...others] = suggestion === undefined ? [] : withName(suggestion);
  const sorted = sortBySimilarity(input, names).flatMap(withName).map(label);
  return `${problem}${didYouMean(suggested && !others.length ? label(suggested) : undefined)} ${formatAlternatives('These credentials can see', sorted, MAX_ALTERNATIVES)}`;
}
