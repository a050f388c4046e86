import { mayBeWrapped, mayContinueBase64 } from '../base/hidden-secrets.ts';
import { asRecord, isRecord, type JsonObject } from '../base/json.ts';

/** Everything that is read from an event. The rest may be huge, or nested so deeply that copying it would fail. */
const PARTS: ReadonlySet<string> = new Set([
  'action',
  'check_run',
  'check_suite',
  'deployment',
  'deployment_status',
  'head_commit',
  'inputs',
  'issue',
  'merge_group',
  'pull_request',
  'repository',
  'schedule',
  'workflow',
  'workflow_run',
]);
/** As in `workflow_run.pull_requests[0].base.repo.id`. */
const MAX_DEPTH = 6;
const MAX_ITEMS = 200;
/** More than GitHub accepts: https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows */
const MAX_INPUT_CHARS = 70_000;
/** Longer lines aren't names, titles or the first lines of messages. */
const MAX_LINE_CHARS = 2000;

/**
 * The parts of an event's payload that are read, with only the first line of each text except inputs: nothing in an event
 * may take up the time of the step. Lines that are too long or may be wrapped are left out, because they may end with half a secret.
 */
export function limitEvent(payload: unknown): JsonObject {
  const parts = Object.entries(asRecord(payload)).filter(([name]) => PARTS.has(name));
  return Object.fromEntries(
    parts.map(([name, part]) => [name, name === 'inputs' ? keepInputs(part) : limitValue(part, 1)]),
  );
}

/** Whole texts, because they are only compared. */
function keepInputs(part: unknown): unknown {
  const entries = Object.entries(asRecord(part)).slice(0, MAX_ITEMS);
  return Object.fromEntries(
    entries.map(([key, item]) => [
      key,
      typeof item === 'string' ? item.slice(0, MAX_INPUT_CHARS) : limitValue(item, 2),
    ]),
  );
}

function limitValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return limitText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return undefined;
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item) => limitValue(item, depth + 1));
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).slice(0, MAX_ITEMS);
  return Object.fromEntries(entries.map(([key, item]) => [key, limitValue(item, depth + 1)]));
}

function limitText(text: string): string {
  const line = text.slice(0, MAX_LINE_CHARS).trimStart();
  const [first = '', next] = line.split(/\r\n?|\n/, 2);
  if (next !== undefined) return mayBeWrapped(first) && mayContinueBase64(next) ? '' : first;
  return text.length > MAX_LINE_CHARS ? '' : line;
}
