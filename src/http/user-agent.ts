/** How requests introduce themselves. A test compares the version with package.json. */
export const USER_AGENT = 'datadog-case-action/1.1.0';
