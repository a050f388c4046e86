import type { InputIssue } from '../../base/errors.ts';
import { asRecord } from '../../base/json.ts';
import { explain } from '../../content/explain.ts';
import type { Case } from '../../datadog/case.ts';
import { setDescription } from '../../datadog/cases.ts';
import { parseReference } from '../../datadog/reference.ts';
import type { CaseTools } from '../tools.ts';
import { type Form, type NewCase, renderDescription, SIZES } from './new-case.ts';

interface Written {
  readonly created: Case;
  /** Whether the case is known from the response to its create request. */
  readonly isConfirmed: boolean;
  readonly form: Form;
  /** What was refused once the case existed. */
  readonly refused: readonly InputIssue[];
}

/**
 * Writes the description of a new case again if it lacks something: its reference, because Datadog silently cut it off
 * and no later run would find the case, or what was refused since. Never throws: it warns.
 */
export async function completeDescription(
  { datadog, warn }: CaseTools,
  newCase: NewCase,
  { created, isConfirmed, form, refused }: Written,
): Promise<void> {
  const kept = readStoredDescription(created);
  const isCutOff = isConfirmed && kept !== undefined && !hasReference(kept, newCase);
  if (!isCutOff && !refused.length) return;
  const maxChars = isCutOff ? kept.length : (SIZES[form.size] ?? SIZES[0]).description;
  const omissions = [...newCase.omissions, ...refused];
  const description = renderDescription({ ...newCase, omissions }, maxChars);
  const warnOfLoss = (reason: string) => {
    if (isCutOff)
      warn(`${describeLoss(created, newCase)}${reason}`, { kind: 'reference-lost', cases: [created.label] });
  };
  if (description.length > maxChars) return warnOfLoss('');
  try {
    const updated = await setDescription(datadog, created.id, description);
    const stored = updated && readStoredDescription(updated);
    if (!updated || (stored !== undefined && !hasReference(stored, newCase))) return warnOfLoss('');
    if (isCutOff) warn(`description: Datadog cut it off after ${maxChars} characters. It was shortened.`);
  } catch (error) {
    warnOfLoss(` ${explain(error).text}`);
  }
}

/** The description in a response; `undefined` if the response has none. */
function readStoredDescription({ raw }: Case): string | undefined {
  const { description } = asRecord(asRecord(raw).attributes);
  return typeof description === 'string' ? description : undefined;
}

function hasReference(description: string, { reference }: NewCase): boolean {
  return parseReference(description)?.unique === reference.unique;
}

/** Without a `dedup_key`, no later run looks for the case. */
function describeLoss({ label }: Case, { reference: { shared, unique } }: NewCase): string {
  const isKeyed = shared !== unique;
  return isKeyed
    ? `Datadog did not keep the whole description of ${label}, so later runs won't find this case: they may open another one, and won't close it.`
    : `Datadog did not keep the whole description of ${label}.`;
}
