import type { Case } from './datadog/cases.ts';
import type { About } from './github/event.ts';
import type { Service } from './http.ts';
import type { Inputs } from './inputs.ts';
import type { Report } from './report.ts';

/** What the work of a step is done with, whatever its mode. */
export interface Step {
  readonly asked: Inputs;
  readonly report: Report;
  readonly service: Service;
  readonly about: About;
  /** GitHub's API, for so many milliseconds; missing where there is no token or no repository. */
  readonly github: ((milliseconds: number) => Service) | undefined;
}

/** The page of a case. Its form is what people use; the API gives no address. */
export function pageOf(known: Case, asked: Inputs): string {
  return `${asked.addresses.web}/cases/${encodeURIComponent(known.name)}`;
}
