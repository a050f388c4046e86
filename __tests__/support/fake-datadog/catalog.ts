// What exists in the fake organization: projects, case types, custom attributes and users.

export const PROJECT = { id: 'c0ffee00-1111-4222-8333-444455556666', key: 'OPS', name: 'Operations' };
export const OTHER_PROJECT = { id: 'c0ffee00-1111-4222-8333-444455557777', key: 'PAY', name: 'Payments' };
/** Project names are not unique. */
const SAME_NAME_PROJECTS = ['A', 'B'].map((letter, index) => ({
  id: `c0ffee00-1111-4222-8333-44445555888${index}`,
  key: `WEB${letter}`,
  name: 'Web',
}));
export const PROJECTS = [PROJECT, OTHER_PROJECT, ...SAME_NAME_PROJECTS];

export const STANDARD_TYPE_ID = '00000000-0000-0000-0000-000000000001';
const SECURITY_TYPE_ID = '00000000-0000-0000-0000-000000000003';
function statusesConfig(open: readonly string[], inProgress: readonly string[], closed: readonly string[]) {
  const group = (names: readonly string[]) => ({
    status_options: names.map((name) => ({ name })),
    default: names[0],
  });
  return { open: group(open), in_progress: group(inProgress), closed: group(closed) };
}

const USUAL_STATUSES = statusesConfig(['Open'], ['In Progress'], ['Closed']);

/** The built-in case types, as Datadog lists them. */
const BUILT_IN_TYPES = (
  [
    [1, 'Standard'],
    [2, 'Event Management'],
    [3, 'Security'],
    [4, 'Change Request'],
    [5, 'Error Tracking'],
    [7, 'Logs Optimization Insights'],
  ] as const
).map(([number, name]) => ({
  id: `00000000-0000-0000-0000-00000000000${number}`,
  description: '',
  emoji: '',
  name,
  internal: true,
  statuses_config: USUAL_STATUSES,
}));

export const DEPLOYMENT_TYPE_ID = 'dec1de00-1111-4222-8333-444455556666';
/** Deleted, as its only namesake "Retired". */
export const DELETED_TYPE_ID = 'dec1de00-4444-4222-8333-000000000000';

function customType(id: string, name: string, fields: object = {}) {
  return {
    id,
    description: '',
    emoji: '',
    name,
    internal: false,
    statuses_config: USUAL_STATUSES,
    ...fields,
  };
}

/** Types of an organization: over 200, and their names are not unique. Most in the recorded list are deleted. */
const CUSTOM_TYPES = [
  customType(DEPLOYMENT_TYPE_ID, 'Deployment failure', {
    statuses_config: statusesConfig(['Open', 'Triage'], ['In Progress'], ['Closed', 'Resolved']),
  }),
  ...['1', '2'].map((digit) => customType(`dec1de00-1111-4222-8333-44445555777${digit}`, 'Incident')),
  ...Array.from({ length: 8 }, (_, index) =>
    customType(`dec1de00-3333-4222-8333-00000000000${index}`, 'World'),
  ),
  ...Array.from({ length: 200 }, (_, index) =>
    customType(`dec1de00-2222-4222-8333-${String(index).padStart(12, '0')}`, `Team type ${index}`),
  ),
];
const DELETED_TYPES = ['Retired', 'Deployment failure', 'Incident', 'World', 'World'].map((name, index) =>
  customType(`dec1de00-4444-4222-8333-${String(index).padStart(12, '0')}`, name, {
    deleted_at: '2025-08-19T09:09:06.196109Z',
  }),
);
/** Everything that Datadog lists. */
export const CASE_TYPES = [
  ...DELETED_TYPES.slice(0, 2),
  ...BUILT_IN_TYPES,
  ...CUSTOM_TYPES,
  ...DELETED_TYPES.slice(2),
];
/** The types that a case can have. */
export const LIVE_TYPE_IDS = [...BUILT_IN_TYPES, ...CUSTOM_TYPES].map(({ id }) => id);

export interface CustomAttributeConfig {
  readonly key: string;
  readonly display_name: string;
  readonly type: string;
  readonly is_multi: boolean;
}

function attributeConfig(key: string, name: string, type: string): CustomAttributeConfig {
  return { key, display_name: name, type, is_multi: false };
}

function multiAttributeConfig(key: string, name: string, type: string): CustomAttributeConfig {
  return { ...attributeConfig(key, name, type), is_multi: true };
}

/** Custom attributes by case type. */
export const CUSTOM_ATTRIBUTES: Readonly<Record<string, readonly CustomAttributeConfig[]>> = {
  [DEPLOYMENT_TYPE_ID]: [
    attributeConfig('region', 'Region', 'SELECT'),
    multiAttributeConfig('services', 'Services', 'TEXT'),
    attributeConfig('failures', 'Failed checks', 'NUMBER'),
    multiAttributeConfig('sizes', 'Sizes', 'NUMBER'),
    attributeConfig('runbook', 'Runbook', 'URL'),
    attributeConfig('summary', 'Summary', 'TEXT'),
  ],
  [SECURITY_TYPE_ID]: [multiAttributeConfig('region', 'Region', 'SELECT')],
};

function user(number: number, email: string, state = { status: 'Active', disabled: false }) {
  const id = `ba5e0000-1111-4222-8333-${String(number).padStart(12, '0')}`;
  return { id, name: null, handle: email, email, service_account: false, ...state };
}

/** A user with several accounts, of which only the last one is active. */
export const ACTIVE_USER = { email: 'ada@acme.example', id: 'ba5e0000-1111-4222-8333-000000000003' };
export const USERS = [
  user(1, ACTIVE_USER.email, { status: 'Active', disabled: true }),
  user(2, ACTIVE_USER.email, { status: 'Pending', disabled: false }),
  user(3, ACTIVE_USER.email),
  user(4, 'gone@acme.example', { status: 'Disabled', disabled: true }),
  ...Array.from({ length: 120 }, (_, index) => user(100 + index, `x${index}.late@acme.example`)),
  user(5, 'late@acme.example'),
];
