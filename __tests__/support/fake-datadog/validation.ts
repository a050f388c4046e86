import type { FakeResponse } from '../fake-server.ts';
import { type CustomAttributeConfig, PROJECTS } from './catalog.ts';

export type Json = Record<string, unknown>;

/** A request that Datadog rejects, with its response. */
export class Rejection extends Error {
  readonly response: FakeResponse;
  constructor(status: number, error: unknown) {
    super('rejected');
    this.response = { status, body: { errors: [error] } };
  }
}

/** Datadog often gives no detail. */
export function badRequest(detail?: string): Rejection {
  return new Rejection(400, { status: '400', title: 'Bad Request', ...(detail && { detail }) });
}

export function genericError(detail: string): Rejection {
  return new Rejection(400, { title: 'Generic Error', detail });
}

export function notFound(title: string, meta?: Json): Rejection {
  return new Rejection(404, { code: 'resource_not_found', title, ...(meta && { meta }) });
}

export function expectObject(value: unknown, name: string, fields: readonly string[]): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw badRequest(`${name} must be an object`);
  const unknown = Object.keys(value).find((field) => !fields.includes(field));
  if (unknown !== undefined) throw badRequest(`unknown field ${JSON.stringify(unknown)} in ${name}`);
  return value as Json;
}

/** The `data` of a document about a case. */
export function expectCaseData(body: unknown, fields: readonly string[]): Json {
  const data = expectObject(expectObject(body, 'document', ['data']).data, 'data', fields);
  if (data.type !== 'case') throw badRequest(`got type "${data.type}" expected one of "case"`);
  return data;
}

export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
}

export function relationId(value: unknown, type: string): string {
  const data = expectObject(expectObject(value, type, ['data']).data, `${type}.data`, ['id', 'type']);
  if (data.type !== type) throw badRequest(`got type "${data.type}" expected one of "${type}"`);
  if (!isUuid(data.id)) throw badRequest(`${type} id must be a UUID`);
  return data.id;
}

export function expectProjectId(value: unknown): string {
  const projectId = relationId(value, 'project');
  if (!PROJECTS.some(({ id }) => id === projectId)) throw notFound('project not found');
  return projectId;
}

export function checkPriority(priority: unknown): void {
  if (!/^(?:NOT_DEFINED|P[1-5])$/.test(String(priority)))
    throw genericError(`invalid priority ${priority}. Must be one of P1, P2, P3, P4, P5, NOT_DEFINED`);
}

export function checkCustomAttributes(value: unknown, configs: readonly CustomAttributeConfig[]): void {
  if (value === undefined) return;
  if (typeof value !== 'object' || value === null) throw badRequest('custom_attributes must be an object');
  for (const [key, attribute] of Object.entries(value)) {
    const fields = expectObject(attribute, key, ['type', 'is_multi', 'value']);
    checkCustomAttribute(key, fields, configs);
  }
}

/** Checks the value of one custom attribute of a case type. */
export function checkCustomAttribute(
  key: string,
  { type, is_multi: isMulti, value }: Json,
  configs: readonly CustomAttributeConfig[],
): void {
  if (!['URL', 'TEXT', 'NUMBER', 'SELECT'].includes(String(type))) throw badRequest();
  if (isMulti !== Array.isArray(value)) throw badRequest(`is_multi of ${key} does not match its value`);
  const config = configs.find((candidate) => candidate.key === key);
  if (!config)
    throw notFound(
      'failed to update batch: failed to apply command: failed to apply domain.UpdateCustomAttribute command: custom attribute configuration not found',
      { key },
    );
  if (config.type !== type || config.is_multi !== isMulti)
    throw genericError(`${key} must be ${config.type}, multi ${config.is_multi}`);
  const expectedType = type === 'NUMBER' ? 'number' : 'string';
  if ([value].flat().some((item) => typeof item !== expectedType))
    throw badRequest(`value of ${key} must be a ${expectedType}`);
}
