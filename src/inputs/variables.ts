/** The environment variables that replace an empty `site`. */
export const SITE_VARIABLES: readonly string[] = ['DD_SITE', 'DATADOG_SITE'];

/** Inputs that hold a secret, and the environment variables that replace an empty one. */
export const SECRET_VARIABLES = {
  api_key: ['DD_API_KEY', 'DATADOG_API_KEY'],
  app_key: ['DD_APP_KEY', 'DATADOG_APP_KEY'],
  access_token: ['DD_ACCESS_TOKEN', 'DATADOG_ACCESS_TOKEN'],
  github_token: [],
} as const;

/** The environment variables that replace an empty `org_uuid`, unless there are other credentials. */
export const ORG_VARIABLES: readonly string[] = ['DD_ORG_UUID', 'DATADOG_ORG_UUID'];

/** The environment variables that name proxies. Both spellings are in use. */
export const PROXY_VARIABLES: readonly string[] = [
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'ALL_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'all_proxy',
  'no_proxy',
];
