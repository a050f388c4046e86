import type { Case } from '../datadog/case.ts';
import type { DatadogClient } from '../datadog/client.ts';
import type { Clock } from '../http/connection.ts';
import type { CaseState, Doubt } from './result.ts';

/** What every operation on cases is given: Datadog, and how to say what happens. */
export interface CaseTools {
  readonly datadog: DatadogClient;
  readonly clock: Clock;
  readonly log: (line: string) => void;
  /** Says what went wrong without ending the step. `doubt` is what it leaves unsettled, if it does. */
  readonly warn: (text: string, doubt?: Doubt) => void;
  /** Called as soon as the case is known, and again when it changes, so that the outputs survive a later failure. */
  readonly onCase: (datadogCase: Case, state: CaseState) => void;
  /** Called if the case that was named turns out to be gone. */
  readonly onCaseGone: () => void;
}
