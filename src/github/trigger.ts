import { createHash } from 'node:crypto';
import { asPositiveInteger, asRecord, asString, type JsonObject, sortKeys } from '../base/json.ts';

/** Enough to tell a few inputs apart, and too few to find out what they were: they may hold a short secret. */
const HASH_DIGITS = 3;

/**
 * What started a run, as one word: the name of its event and, if runs of the event differ, a hash of the difference, such
 * as `workflow_dispatch-1a2`. Runs that were started in different ways may do different things. `eventName` is the event of
 * the run that is reported, `ownEventName` that of this run, whose payload it is. Empty if it is unknown, or if a person
 * started the run without inputs: that is what the others do, too.
 */
export function readTrigger(eventName: string, ownEventName: string, payload: JsonObject): string {
  if (!/^\w{1,50}$/.test(eventName)) return '';
  // Of the run of another workflow, only its event is known.
  const difference = eventName === ownEventName ? readDifference(eventName, payload) : undefined;
  if (difference === undefined) return eventName === 'workflow_dispatch' ? '' : eventName;
  const hash = createHash('sha256')
    .update(JSON.stringify(sortKeys(difference)))
    .digest('hex');
  return `${eventName}-${hash.slice(0, HASH_DIGITS)}`;
}

/**
 * What tells runs of the same event apart; `undefined` if nothing does. The payload of `repository_dispatch` is left out:
 * it usually holds versions and commits, with which no two runs would be alike.
 * Source: https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows
 */
function readDifference(eventName: string, payload: JsonObject): unknown {
  switch (eventName) {
    case 'workflow_dispatch': {
      const inputs = Object.entries(asRecord(payload.inputs)).filter(
        ([, value]) => value !== '' && value !== null,
      );
      return inputs.length ? Object.fromEntries(inputs) : undefined;
    }
    case 'repository_dispatch':
      return asString(payload.action) || undefined;
    case 'schedule':
      return asString(payload.schedule) || undefined;
    case 'workflow_run':
      return asString(asRecord(payload.workflow_run).event) || undefined;
    default:
      return asPositiveInteger(asRecord(payload.pull_request).number);
  }
}

/** The event of a trigger. */
export function eventOf(trigger: string): string {
  return trigger.replace(/-.*$/s, '');
}

/**
 * Whether a success of an earlier run with the same event ends a streak of failures: not if the inputs or the type of the
 * event say what to do, because the list of runs doesn't show these.
 */
export function doesSuccessEndStreak(trigger: string): boolean {
  return !/^(?:workflow|repository)_dispatch-/.test(trigger);
}
