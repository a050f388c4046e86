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
export const BUILT_IN_TYPE_IDS = [1, 2, 3, 4, 5, 7].map(
  (number) => `00000000-0000-0000-0000-00000000000${number}`,
);

export const DEPLOYMENT_TYPE_ID = 'dec1de00-1111-4222-8333-444455556666';
/** Case types that are not built in: over 200, and their names are not unique. */
export const CUSTOM_CASE_TYPES = [
  {
    id: DEPLOYMENT_TYPE_ID,
    name: 'Deployment failure',
    statuses_config: {
      open: { default: 'Open', status_options: [{ name: 'Open' }, { name: 'Triage' }] },
      in_progress: { default: 'In Progress', status_options: [{ name: 'In Progress' }] },
      closed: { default: 'Closed', status_options: [{ name: 'Closed' }, { name: 'Resolved' }] },
    },
  },
  ...['1', '2'].map((digit) => ({ id: `dec1de00-1111-4222-8333-44445555777${digit}`, name: 'Incident' })),
  ...Array.from({ length: 200 }, (_, index) => ({
    id: `dec1de00-2222-4222-8333-${String(index).padStart(12, '0')}`,
    name: `Team type ${index}`,
  })),
];

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
  return { id: `ba5e0000-1111-4222-8333-${String(number).padStart(12, '0')}`, email, ...state };
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
