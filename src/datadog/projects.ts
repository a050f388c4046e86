import { InputError } from '../base/errors.ts';
import { asString } from '../base/json.ts';
import { sortBySimilarity } from '../base/suggest.ts';
import { quoteShort } from '../base/truncate.ts';
import type { DatadogClient } from './client.ts';
import { fetchEntities, formatAlternatives, type LookupResult } from './entities.ts';
import { UUID_PATTERN } from './ids.ts';

interface Project {
  readonly id: string;
  readonly key: string;
  readonly name: string;
}

/**
 * Finds a project by UUID (no request), key or name, in upper or lower case.
 * Throws InputError if it is unknown or ambiguous, LookupError if the request fails.
 */
export async function findProject(client: DatadogClient, input: string): Promise<LookupResult> {
  if (UUID_PATTERN.test(input)) return { id: input.toLowerCase(), label: input };
  const projects = await fetchProjects(client, input);
  const isInput = (text: string) => text.toLowerCase() === input.toLowerCase();
  const byKey = projects.filter(({ key }) => isInput(key));
  const matches = byKey.length ? byKey : projects.filter(({ name }) => isInput(name));
  const [match] = matches;
  if (match && matches.length === 1)
    return { id: match.id, label: isInput(match.key) ? match.key : `${input} (${match.key})` };
  const text = matches.length
    ? `${quoteShort(input)} is the name of several projects; give the key or the id of one: ${matches.map((project) => `${project.key} (${quoteShort(project.name)}, ${project.id})`).join(', ')}.`
    : `${quoteShort(input)} is no project that this key may see. ${formatAlternatives(suggestProjects(projects, input))}`;
  throw new InputError([{ input: 'project', text }], 'project');
}

async function fetchProjects(client: DatadogClient, input: string): Promise<Project[]> {
  const entities = await fetchEntities(client, '/api/v2/cases/projects', {
    subject: `The project ${quoteShort(input)}`,
    permission: 'cases_read',
  });
  return entities.map(({ id, attributes }) => ({
    id,
    key: asString(attributes.key),
    name: asString(attributes.name),
  }));
}

/** All projects, the most similar first. */
function suggestProjects(projects: readonly Project[], input: string): string[] {
  const names = projects.flatMap(({ key, name }) => [key, name]);
  return sortBySimilarity(input, names)
    .flatMap((text) => projects.filter(({ key, name }) => key === text || name === text))
    .map(({ key, name }) => `${key} (${quoteShort(name)})`);
}
