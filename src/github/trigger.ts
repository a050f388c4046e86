import { createHash } from 'node:crypto';
import { asRecord, asString, type JsonObject, sortKeys } from '../base/json.ts';

/**
 * What started a run, as one word: the name of its event and, if runs of the event differ, a hash of the difference, such
 * as `workflow_dispatch-1a2b3c4d`. Runs that were started in different ways may do different things. `eventName` is the
 * event of the run that is reported, `ownEventName` that of this run, whose payload it is. Empty if it is unknown.
 */
export function readTrigger(eventName: string, ownEventName: string, payload: JsonObject): string {
  if (!/^\w{1,50}$/.test(eventName)) return '';
  // Of the run of another workflow, only its event is known.
  const difference = eventName === ownEventName ? readDifference(eventName, payload) : undefined;
  if (difference === undefined) return eventName;
  const text = JSON.stringify(sortKeys(difference));
  return `${eventName}-${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
}

/**
 * What tells runs of the same event apart; `undefined` if nothing does. The payload of `repository_dispatch` is left out:
 * it usually holds versions and commits, with which no two runs would be alike.
 * Source: https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows
 */
function readDifference(eventName: string, payload: JsonObject): unknown {
  switch (eventName) {
    case 'workflow_dispatch': {
      const inputs = asRecord(payload.inputs);
      return Object.keys(inputs).length ? inputs : undefined;
    }
    case 'repository_dispatch':
      return asString(payload.action) || undefined;
    case 'schedule':
      return asString(payload.schedule) || undefined;
    case 'workflow_run':
      return asString(asRecord(payload.workflow_run).event) || undefined;
    default:
      return asString(asRecord(asRecord(payload.pull_request).base).ref) || undefined;
  }
}

/** The event of a trigger. */
export function eventOf(trigger: string): string {
  return trigger.replace(/-.*$/s, '');
}
