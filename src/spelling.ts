import { nearest, quote } from './text.ts';

/** Every input and what an empty one means. action.yml says the same (contract.test.ts compares). */
export const DEFAULTS = {
  title: '',
  project: '',
  type_id: 'Standard',
  priority: 'NOT_DEFINED',
  assignee: '',
  description: '',
  description_file: '',
  status_name: '',
  custom_attributes: '',
  attributes: '',
  mode: 'open',
  dedup_key: '',
  on_existing: 'comment',
  run_context: 'true',
  log_lines: '0',
  pr_comment: 'false',
  pr_number: '',
  github_token: '',
  api_key: '',
  app_key: '',
  access_token: '',
  site: '',
  api_url: '',
  dry_run: 'false',
  fail_on_error: 'true',
  timeout: '60',
} as const;

/** The name of an input. */
export type InputName = keyof typeof DEFAULTS;
/** The step's environment. */
export type Env = Readonly<Record<string, string | undefined>>;

/** What each input was given, trimmed; its default where that is nothing. */
export type Values = Readonly<Record<InputName, string>>;

/**
 * The inputs by their proper names. The runner passes what it does not know as well:
 * a hyphen for an underscore is understood; anything else is worth a warning, since a typo would be silent.
 */
export function spelled(env: Env): { values: Values; warnings: string[] } {
  const values: Record<string, string> = { ...DEFAULTS };
  const names = Object.keys(DEFAULTS);
  const warnings: string[] = [];
  for (const name of names) values[name] = env[`INPUT_${name.toUpperCase()}`]?.trim() || values[name] || '';
  for (const [variable, value] of Object.entries(env)) {
    if (!variable.startsWith('INPUT_') || value === undefined) continue;
    const given = variable.slice('INPUT_'.length).toLowerCase();
    const meant = given.replaceAll('-', '_');
    if (names.includes(given)) continue;
    if (!names.includes(meant)) {
      warnings.push(
        `${quote(given)} is not an input of this action and is ignored. Did you mean ${nearest(meant, names)[0]}?`,
      );
      continue;
    }
    // The runner fills the proper name with its default, so a default there does not count as given.
    if (values[meant] === DEFAULTS[meant as InputName]) {
      warnings.push(
        `${quote(given)} is read as ${meant}: inputs of this action are written with underscores.`,
      );
      values[meant] = value.trim() || (values[meant] ?? '');
    } else warnings.push(`${quote(given)} is ignored, since ${meant} is given as well.`);
  }
  return { values: values as Values, warnings };
}
