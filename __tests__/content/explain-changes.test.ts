import { expect, test } from '@jest/globals';
import { explain } from '../../src/content/explain.ts';
import {
  addComment,
  addWatcher,
  closeCase,
  linkDuplicate,
  reopenCase,
  setAssignee,
  setAttributes,
  setCustomAttribute,
  setDescription,
  setDueDate,
  setPriority,
  setStatusName,
} from '../../src/datadog/cases.ts';
import type { DatadogClient } from '../../src/datadog/client.ts';
import { createTools } from '../support/case-context.ts';
import { STANDARD_TYPE_ID } from '../support/fake-datadog/catalog.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog, clock } = useFakes();

const BY_HAND =
  'Try it in Datadog by hand: the case may be archived, or a rule of its project may forbid it.';
const THIS_VALUE = 'Check that the project and the case type allow this value.';

const CHANGES: [name: string, change: (client: DatadogClient, id: string) => Promise<unknown>, string][] = [
  ['closing', (client, id) => closeCase(client, { id, typeId: STANDARD_TYPE_ID }), BY_HAND],
  ['reopening', (client, id) => reopenCase(client, { id, typeId: STANDARD_TYPE_ID }), BY_HAND],
  ['a comment', (client, id) => addComment(client, id, 'x'), BY_HAND],
  ['a description', (client, id) => setDescription(client, id, 'x'), BY_HAND],
  ['a link', (client, id) => linkDuplicate(client, { duplicateId: id, originalId: 'b' }), BY_HAND],
  ['an assignee', (client, id) => setAssignee(client, id, 'u'), THIS_VALUE],
  ['a watcher', (client, id) => addWatcher(client, id, 'u'), THIS_VALUE],
  ['a status', (client, id) => setStatusName(client, id, 'x'), THIS_VALUE],
  ['a priority', (client, id) => setPriority(client, id, 'P1'), THIS_VALUE],
  ['a due date', (client, id) => setDueDate(client, id, '2026-12-31'), THIS_VALUE],
  ['attributes', (client, id) => setAttributes(client, id, new Map([['env', ['a']]])), THIS_VALUE],
  [
    'a custom attribute',
    (client, id) => setCustomAttribute(client, id, ['a', { type: 'TEXT', is_multi: false, value: 'b' }]),
    THIS_VALUE,
  ],
];

test.each(CHANGES)('if Datadog rejects %s, the advice fits it', async (name, change, advice) => {
  const { id } = datadog.seed({ status_group: name === 'reopening' ? 'SG_CLOSED' : 'SG_OPEN' });
  datadog.injectFault({ request: 'POST ', response: { status: 400, body: { errors: ['No'] } } });
  const { tools } = createTools(datadog, clock);
  const error: unknown = await change(tools.datadog, id).catch((error: unknown) => error);
  expect(explain(error).text).toMatch(/ returned 400: No\. /);
  expect(explain(error).text.endsWith(`: No. ${advice}`)).toBe(true);
});
