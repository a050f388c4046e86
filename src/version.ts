/** How we introduce ourselves to servers. contract.test.ts compares it with package.json. */
export const USER_AGENT = 'datadog-case-action/1.0.0';
