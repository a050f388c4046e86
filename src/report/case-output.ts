import { asRecord } from '../base/json.ts';

/**
 * The attributes of a case that are about the case. Search results also hold the name and the e-mail address of who
 * created it. Sources: https://github.com/DataDog/datadog-api-client-typescript, and recorded responses.
 */
const ATTRIBUTES: ReadonlySet<string> = new Set([
  'archived_at',
  'attributes',
  'closed_at',
  'comment_count',
  'created_at',
  'creation_source',
  'custom_attributes',
  'description',
  'due_date',
  'insights',
  'internal_id',
  'jira_issue',
  'key',
  'merge_status',
  'modified_at',
  'priority',
  'public_id',
  'service_now_ticket',
  'status',
  'status_group',
  'status_name',
  'title',
  'type',
  'type_id',
]);

/** The output `case`: the `data` of a response without what is about people, except their IDs. */
export function toCaseOutput(data: unknown): unknown {
  const { id, type, attributes, relationships } = asRecord(data);
  const own = Object.entries(asRecord(attributes)).filter(([name]) => ATTRIBUTES.has(name));
  return { id, type, attributes: Object.fromEntries(own), relationships };
}
