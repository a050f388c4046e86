import { AnswerError, UncertainError } from '../errors.ts';
import { isFateUnknown, type Service } from '../http.ts';
import * as cases from './cases.ts';
import { byAge, find } from './find.ts';
import { isIn } from './reference.ts';
import type { CreateBody } from './request.ts';

/** Milliseconds before each look for a create whose answer was lost: the index may lag. */
const LOOKS = [1000, 2000, 3000];
/** How often a create is sent at the most. */
const CREATES = 3;
/** Milliseconds after which another step's case should be found. */
const SETTLING = 1000;

/** How the case of a create is known among others. */
export interface Mark {
  readonly projectId: string;
  /** The word that all cases of the same problem carry. */
  readonly reference: string;
  /** The word that only this step's case carries; the reference itself where no other step has it. */
  readonly own: string;
}

/** A case that is there after a create: the own one, or one that another step opened with the same reference. */
export interface Created {
  readonly found: cases.Case;
  readonly own: boolean;
}

/**
 * Creates a case and never the same one twice. The service has no idempotency key, so a create whose fate is unknown
 * is looked for by its reference, and only repeated once it surely is not there.
 * Throws the API's refusal, or UncertainError where it cannot be told whether the case exists.
 */
export async function createOnce(service: Service, body: CreateBody, mark: Mark): Promise<Created> {
  const isOwn = ({ description }: cases.Case) => isIn(description, mark.own);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return { found: await cases.create(service, body), own: true };
    } catch (error) {
      if (!isFateUnknown(error)) throw error;
      service.log(
        `It is not known whether the case was created. Looking for it by its reference ${mark.reference}.`,
      );
      const seen = await look(service, mark.projectId, mark.reference, isOwn);
      const found = seen?.find(isOwn) ?? seen?.[0];
      if (found) return { found, own: isOwn(found) };
      // Where the server said that it was done, only the index can be at fault.
      if (!seen || error instanceof AnswerError || attempt === CREATES)
        throw new UncertainError(mark.reference, error);
    }
  }
}

/** Looks again and again until the own case is seen. Gives what the last look saw; nothing where that failed or the time was too short. */
async function look(
  service: Service,
  projectId: string,
  reference: string,
  isOwn: (one: cases.Case) => boolean,
): Promise<cases.Case[] | undefined> {
  let seen: cases.Case[] | undefined;
  for (const pause of LOOKS) {
    if (service.clock.now() + pause >= service.deadline) return undefined;
    await service.clock.sleep(pause);
    seen = await find(service, projectId, reference).catch(() => undefined);
    if (seen?.some(isOwn)) return seen;
  }
  return seen;
}

/**
 * After a create: whether another step has opened a case with the same reference meanwhile, and which of them stays.
 * Every step comes to the same answer, since the oldest never sees an older one. Throws what http.send throws.
 */
export async function olderTwin(
  service: Service,
  own: cases.Case,
  { projectId, reference }: Mark,
): Promise<cases.Case | undefined> {
  if (service.clock.now() + SETTLING >= service.deadline) return undefined;
  await service.clock.sleep(SETTLING);
  const seen = await find(service, projectId, reference);
  const [oldest] = seen;
  const self = seen.find(({ id }) => id === own.id) ?? own;
  // Without a time to compare, the own case stays: two are better than none.
  if (!oldest || oldest.id === own.id || Number.isNaN(self.createdAt)) return undefined;
  return byAge(oldest, self) < 0 ? oldest : undefined;
}
