import { asRecord } from '../base/json.ts';
import { explain } from '../content/explain.ts';
import type { Case } from '../datadog/case.ts';
import { setDescription } from '../datadog/cases.ts';
import { parseReference, renderReference } from '../datadog/reference.ts';
import type { OpenContext } from './context.ts';
import type { CreatedCase } from './create.ts';
import { buildDraft, initialReduction, type OpenPlan, SAFE_CHARS } from './draft.ts';

/** Shorter texts aren't worth keeping. */
const MIN_TEXT_CHARS = 20;

/**
 * Checks that the description of a new case still ends with its reference: if Datadog silently cut it off, no later
 * run would find the case. Then writes a shorter description, or warns. Never throws.
 */
export async function keepReference(
  context: OpenContext,
  plan: OpenPlan,
  { case: created, isConfirmed }: CreatedCase,
): Promise<void> {
  const kept = readStoredDescription(created);
  if (!isConfirmed || kept === undefined || hasReference(kept, plan)) return;
  const description = shortenDescription(context, plan, kept.length);
  try {
    const updated = description ? await setDescription(context.datadog, created.id, description) : undefined;
    const stored = updated && readStoredDescription(updated);
    if (updated && (stored === undefined || hasReference(stored, plan))) {
      context.warn(`description: Datadog cut it off after ${kept.length} characters. It was shortened.`);
      return;
    }
    context.warn(describeLostReference(created, ''));
  } catch (error) {
    context.warn(describeLostReference(created, ` ${explain(error).text}`));
  }
}

/** The description in a response; `undefined` if the response has none. */
function readStoredDescription({ raw }: Case): string | undefined {
  const { description } = asRecord(asRecord(raw).attributes);
  return typeof description === 'string' ? description : undefined;
}

function hasReference(description: string, { references }: OpenPlan): boolean {
  return parseReference(description)?.unique === references.unique;
}

/** A description that fits, with at least the reference; empty if there is no room for that. */
function shortenDescription(context: OpenContext, plan: OpenPlan, maxChars: number): string {
  const reduction = initialReduction(context, plan);
  for (let chars = maxChars; chars >= MIN_TEXT_CHARS; chars = Math.floor(chars / 2)) {
    const { description } = buildDraft(context, plan, {
      ...reduction,
      maxChars: { ...SAFE_CHARS, description: chars },
    });
    if (description.length <= maxChars) return description;
  }
  const footer = renderReference(plan.references);
  return footer.length <= maxChars ? footer : '';
}

function describeLostReference({ label }: Case, reason: string): string {
  return `Datadog cut off the description of ${label}, so later runs won't find this case: they may open another one, and won't close it.${reason}`;
}
