import type { CustomAttributes } from '../attributes.ts';

/** All that a case can be created with, in ids. Empty text means: not given. */
export interface NewCase {
  readonly title: string;
  readonly projectId: string;
  readonly typeId: string;
  readonly priority: string;
  readonly description: string;
  readonly assigneeId: string;
  readonly statusName: string;
  readonly customAttributes: CustomAttributes;
}

/** The body of `POST /api/v2/cases`. Source: the vendor's published client. */
export interface CreateBody {
  readonly data: {
    readonly type: 'case';
    readonly attributes: Readonly<Record<string, unknown>>;
    readonly relationships: Readonly<
      Record<string, { readonly data: { readonly id: string; readonly type: string } }>
    >;
  };
}

/** Builds the body, with nothing in it that was not asked for but the priority. */
export function build(wanted: NewCase): CreateBody {
  const { title, projectId, typeId, priority, description, assigneeId, statusName, customAttributes } =
    wanted;
  return {
    data: {
      type: 'case',
      attributes: {
        title,
        type_id: typeId,
        ...(description && { description }),
        priority,
        ...(statusName && { status_name: statusName }),
        ...(customAttributes.size && { custom_attributes: Object.fromEntries(customAttributes) }),
      },
      relationships: {
        project: { data: { id: projectId, type: 'project' } },
        ...(assigneeId && { assignee: { data: { id: assigneeId, type: 'user' } } }),
      },
    },
  };
}

/** Which inputs of a case may be left out without losing it, and are set here. */
export function optional(wanted: NewCase): string[] {
  return [
    ...(wanted.assigneeId ? ['assignee'] : []),
    ...(wanted.statusName ? ['status_name'] : []),
    ...(wanted.customAttributes.size ? ['custom_attributes'] : []),
  ];
}

/** The same case with only what decides that it exists and where it goes. */
export function bare(wanted: NewCase): NewCase {
  return { ...wanted, assigneeId: '', statusName: '', customAttributes: new Map() };
}
