import { describe, expect, test } from '@jest/globals';
import type { Reduction } from '../../src/cases/draft.ts';
import {
  describeRejection,
  findCulprits,
  findOptionalParts,
  hasCulprits,
  leaveOut,
  shorten,
} from '../../src/cases/reduce-draft.ts';
import type { CaseDraft } from '../../src/datadog/create-body.ts';
import type { ApiError, HttpError } from '../../src/http/errors.ts';
import { createHttpError } from '../support/request-errors.ts';

function createRejection(...details: ApiError[]): HttpError {
  return createHttpError({ details });
}

const FULL_DRAFT: CaseDraft = {
  title: 'Deploy failed',
  projectId: 'project',
  typeId: 'type',
  priority: 'P1',
  description: 'Words.',
  assigneeId: 'ada',
  statusName: 'Triage',
  customAttributes: new Map(
    ['Region', 'size', 'größe'].map((key) => [key, { type: 'TEXT', is_multi: false, value: 'x' }]),
  ),
};
const BARE_DRAFT: CaseDraft = { ...FULL_DRAFT, assigneeId: '', statusName: '', customAttributes: new Map() };
const NOTHING = { hasAssignee: false, hasStatus: false, attributes: [] };
const FULL_REDUCTION: Reduction = {
  omissions: [{ input: 'due_date', text: 'Gone.' }],
  droppedAttributes: new Set(['old']),
  hasAssignee: true,
  statusName: 'Triage',
  maxChars: undefined,
};

describe('the parts that a rejection names', () => {
  test.each<[string, ApiError[], object]>([
    ['nothing', [{ text: 'Rejected' }], {}],
    ['the assignee', [{ text: 'Invalid Assignee' }], { hasAssignee: true }],
    ['a user', [{ text: 'no such user' }], { hasAssignee: true }],
    ['users', [{ text: 'there are no users' }], {}],
    ['the status', [{ text: 'Status is gone' }], { hasStatus: true }],
    ['the status in the second of two errors', [{ text: 'a' }, { text: 'status' }], { hasStatus: true }],
    ['the assignee in the first of two errors', [{ text: 'user' }, { text: 'b' }], { hasAssignee: true }],
    ['an attribute by its key', [{ text: 'not found', key: 'size' }], { attributes: ['size'] }],
    ['a key that the draft lacks', [{ text: 'not found', key: 'other' }], {}],
    ['an attribute in words', [{ text: 'Attribute (size) is gone' }], { attributes: ['size'] }],
    ['an attribute in capitals', [{ text: 'attribute:REGION!' }], { attributes: ['Region'] }],
    ['an attribute with umlauts', [{ text: 'attribute "größe"' }], { attributes: ['größe'] }],
    [
      'an attribute in the first of two',
      [{ text: 'attribute size' }, { text: 'b' }],
      { attributes: ['size'] },
    ],
    ['two attributes', [{ text: 'attributes size, region' }], { attributes: ['Region', 'size'] }],
    ['a part of a longer word', [{ text: 'attribute sizes or size-of or my.size' }], {}],
    ['the same word for something else', [{ text: 'the size is wrong' }], {}],
  ])('are found for %s', (_, details, culprits) => {
    expect(findCulprits(createRejection(...details), FULL_DRAFT)).toEqual({ ...NOTHING, ...culprits });
  });

  test('are not those that the draft lacks', () => {
    const rejection = createRejection({ text: 'invalid user, status and attribute size', key: 'size' });
    expect(findCulprits(rejection, BARE_DRAFT)).toEqual(NOTHING);
  });

  test.each([
    [false, NOTHING],
    [true, { ...NOTHING, hasAssignee: true }],
    [true, { ...NOTHING, hasStatus: true }],
    [true, { ...NOTHING, attributes: ['size'] }],
  ])('exist or not, %j, if these are named: %j', (expected, culprits) => {
    expect(hasCulprits(culprits)).toBe(expected);
  });
});

test('finds every optional part of a draft', () => {
  expect(findOptionalParts(FULL_DRAFT)).toEqual({
    hasAssignee: true,
    hasStatus: true,
    attributes: ['Region', 'size', 'größe'],
  });
  expect(findOptionalParts(BARE_DRAFT)).toEqual(NOTHING);
});

describe('a reduction', () => {
  const text = 'Datadog rejected this value (why).';

  test('leaves out everything that is named, each with its reason', () => {
    const culprits = { hasAssignee: true, hasStatus: true, attributes: ['size'] };
    expect(leaveOut(FULL_REDUCTION, culprits, { reason: 'why' })).toEqual({
      omissions: [
        { input: 'due_date', text: 'Gone.' },
        { input: 'assignee', text },
        { input: 'status_name', text },
        { input: 'custom_attributes', text: `size: ${text}` },
      ],
      droppedAttributes: new Set(['old', 'size']),
      hasAssignee: false,
      statusName: '',
      maxChars: undefined,
    });
  });

  test('stays the same if nothing is named', () => {
    expect(leaveOut(FULL_REDUCTION, NOTHING, { reason: 'why' })).toEqual(FULL_REDUCTION);
  });

  test('does not bring back an assignee that was left out before', () => {
    const reduction = { ...FULL_REDUCTION, hasAssignee: false };
    expect(leaveOut(reduction, NOTHING, { reason: 'why' }).hasAssignee).toBe(false);
  });

  test('lists the statuses that exist', () => {
    const culprits = { ...NOTHING, hasStatus: true };
    const statusNames = ['Open', 'In Progress'];
    expect(leaveOut(FULL_REDUCTION, culprits, { reason: 'why', statusNames }).omissions.at(-1)).toEqual({
      input: 'status_name',
      text: 'Datadog rejected this value (why). Use one of: Open, In Progress.',
    });
  });

  test('uses the corrected status instead of leaving it out', () => {
    const culprits = { ...NOTHING, hasStatus: true };
    expect(leaveOut(FULL_REDUCTION, culprits, { reason: 'why', statusName: 'Open' })).toEqual({
      ...FULL_REDUCTION,
      statusName: 'Open',
    });
  });

  test('shortens only the texts that are long', () => {
    const draft = { ...FULL_DRAFT, description: 'x'.repeat(10_001) };
    expect(shorten(FULL_REDUCTION, draft, 'why')).toEqual({
      ...FULL_REDUCTION,
      omissions: [
        { input: 'due_date', text: 'Gone.' },
        { input: 'description', text: 'Too long for Datadog (why).' },
      ],
      maxChars: { title: 250, description: 10_000 },
    });
    expect(shorten(FULL_REDUCTION, FULL_DRAFT, 'why')).toBeUndefined();
  });
});

test.each<[string, ApiError[]]>([
  ['status 400', []],
  ['first', [{ text: 'first' }]],
  ['first; second', [{ text: 'first' }, { text: 'second' }]],
])('describes a rejection as %j', (expected, details) => {
  expect(describeRejection(createRejection(...details))).toBe(expected);
});
