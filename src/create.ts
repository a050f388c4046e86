import { type Created, createOnce } from './datadog/once.ts';
import * as request from './datadog/request.ts';
import { HttpError, type Problem } from './errors.ts';
import { longTexts, newCase, type OpenStep, type Plan } from './plan.ts';

/** A case that is there after a create, and the body that it was created with. */
export type CreatedWith = Created & { readonly body: request.CreateBody };

/**
 * Creates the case. If it is refused, it is tried once more with nothing optional, and if its texts are long, once more
 * with their beginnings: what has changed in the world since the workflow was written must not lose a case.
 * Throws what createOnce throws; where everything was refused, the first refusal.
 */
export async function create(step: OpenStep, plan: Plan): Promise<CreatedWith> {
  const full = newCase(step, plan, plan.drift);
  const refused = await attempt(step, plan, request.build(full));
  if (!(refused instanceof HttpError)) return refused;
  for (const { leftOut, short } of lesser(full, refused)) {
    const less = request.bare(newCase(step, plan, [...plan.drift, ...leftOut], short));
    const created = await attempt(step, plan, request.build(less));
    if (created instanceof HttpError) continue;
    for (const { input, text } of leftOut) step.report.warning(`${input}: ${text}`);
    return created;
  }
  throw refused;
}

/** Creates the case, or gives the answer that refuses its content. */
async function attempt(
  { service }: OpenStep,
  { mark }: Plan,
  body: request.CreateBody,
): Promise<CreatedWith | HttpError> {
  try {
    return { ...(await createOnce(service, body, mark)), body };
  } catch (error) {
    if (error instanceof HttpError && error.refuses) return error;
    throw error;
  }
}

/** What to leave out of a case that was refused, less and less of it. */
function lesser(full: request.NewCase, refusal: HttpError): { leftOut: Problem[]; short: boolean }[] {
  const words = refusal.complaints.map(({ text }) => text).join('; ') || `status ${refusal.status}`;
  const optional = request
    .optional(full)
    .map((input) => ({ input, text: `Datadog refused the case with it (${words}). It is left out.` }));
  const long = longTexts(full).map((input) => ({
    input,
    text: `Datadog refused the case with all of it (${words}). It is shortened.`,
  }));
  return [
    ...(optional.length ? [{ leftOut: optional, short: false }] : []),
    ...(long.length ? [{ leftOut: [...optional, ...long], short: true }] : []),
  ];
}
