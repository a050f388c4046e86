import type { Service } from './history.ts';
import type { CaseRecord, Change, StepRecord } from './record.ts';
import { genericError, notFound } from './server.ts';

export const PROJECT = { id: 'c0ffee00-1111-4222-8333-444455556666', key: 'OPS', name: 'Operations' };
export const OTHER_PROJECT = { id: 'c0ffee00-1111-4222-8333-444455557777', key: 'PAY', name: 'Payments' };
export const API_KEY = '5a1f7c93e2b84d60a9c3571e86f2d04b';
export const APP_KEY = 'c07b9e52d4a8316f0e94b7d25f81c63a4d7e92b6';
export const ASSIGNEE = 'ba5e0000-1111-4222-8333-000000000003';

/** The attributes of a case at one time. */
export interface CaseVersion {
  readonly at: number;
  readonly title: string;
  readonly description: string;
  readonly status: string;
  readonly statusName: string;
  readonly closedAt: number | undefined;
  readonly isArchived: boolean;
  readonly projectId: string;
  readonly priority: string;
}

export interface StoredCase {
  readonly id: string;
  readonly number: number;
  readonly createdAt: number;
  readonly typeId: string;
  /** Who created it. */
  readonly by: StepRecord | 'somebody';
  /** Oldest first. */
  readonly versions: [CaseVersion, ...CaseVersion[]];
}

interface NewCase {
  readonly title: string;
  readonly description: string;
  readonly projectId: string;
  readonly typeId: string;
  readonly statusName: string;
  readonly priority?: string;
}

export interface StoreOptions {
  readonly service: Service;
  readonly now: () => number;
  readonly uuid: () => string;
  readonly onChange: (change: Change) => void;
}

/** The cases of an organization, and how they became what they are. */
export class CaseStore {
  readonly cases: StoredCase[] = [];
  readonly options: StoreOptions;

  constructor(options: StoreOptions) {
    this.options = options;
  }

  /** Everything about all cases, for the oracle. */
  record(): CaseRecord[] {
    return this.cases.map((stored) => {
      const { description, status, isArchived, projectId } = latest(stored);
      return {
        id: stored.id,
        label: label(stored),
        key: stored.by === 'somebody' ? undefined : stored.by.key,
        isOpen: status !== 'CLOSED' && !isArchived,
        isInProject: projectId === PROJECT.id,
        description,
      };
    });
  }

  /** Stores a case that a step or a person created. */
  store(by: StoredCase['by'], fields: NewCase): StoredCase {
    const { now, uuid } = this.options;
    const { title, description, projectId, typeId, statusName, priority = 'NOT_DEFINED' } = fields;
    const first = {
      at: now(),
      title,
      description: this.limit(description),
      status: 'OPEN',
      statusName,
      closedAt: undefined,
      isArchived: false,
      projectId,
      priority,
    };
    const stored: StoredCase = {
      id: uuid(),
      number: this.cases.length + 1,
      createdAt: now(),
      typeId,
      by,
      versions: [first],
    };
    this.cases.push(stored);
    this.#tell(stored, 'created', by);
    return stored;
  }

  /** Changes a case. */
  change(stored: StoredCase, kind: Change['kind'], by: StoredCase['by'], fields: Partial<CaseVersion>): void {
    stored.versions.push({ ...latest(stored), ...fields, at: this.options.now() });
    this.#tell(stored, kind, by);
  }

  doesFit(description: string): boolean {
    const { limit } = this.options.service;
    return !limit || description.length <= limit.characters;
  }

  /** What is kept of a description. Throws a Refusal if it is too long. */
  limit(description: string): string {
    const { limit } = this.options.service;
    if (!limit || this.doesFit(description)) return description;
    if (limit.how === 'refuses')
      throw genericError(`description is too long: ${description.length} characters`);
    return description.slice(0, limit.characters);
  }

  find(id: string): StoredCase {
    const stored = this.cases.find((candidate) => candidate.id === id || label(candidate) === id);
    if (!stored) throw notFound('case not found');
    return stored;
  }

  #tell(stored: StoredCase, kind: Change['kind'], by: StoredCase['by']): void {
    const { now, onChange } = this.options;
    onChange({ at: now(), id: stored.id, kind, by, description: latest(stored).description });
  }
}

/** A case as it is now. */
export function latest({ versions }: StoredCase): CaseVersion {
  return versions.at(-1) ?? versions[0];
}

/** The key of a case, such as OPS-1. */
export function label(stored: StoredCase): string {
  return `${latest(stored).projectId === PROJECT.id ? PROJECT.key : OTHER_PROJECT.key}-${stored.number}`;
}
