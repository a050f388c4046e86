import type { CustomAttributes } from './custom-attributes.ts';

/** Everything a case can be created with, as IDs. Empty texts are not sent. */
interface CaseDraft {
  readonly title: string;
  readonly projectId: string;
  readonly typeId: string;
  readonly priority: string;
  readonly description: string;
  readonly assigneeId: string;
  readonly statusName: string;
  readonly customAttributes: CustomAttributes;
}

/** The body of `POST /api/v2/cases`. Source: https://docs.datadoghq.com/api/latest/case-management/ */
export interface CreateCaseBody {
  readonly data: {
    readonly type: 'case';
    readonly attributes: Readonly<Record<string, unknown>>;
    readonly relationships: Readonly<
      Record<string, { readonly data: { readonly id: string; readonly type: string } }>
    >;
  };
}

/** Builds the request body, which holds only what the draft sets. */
export function toCreateBody(draft: CaseDraft): CreateCaseBody {
  const { title, projectId, typeId, priority, description, assigneeId, statusName, customAttributes } = draft;
  return {
    data: {
      type: 'case',
      attributes: {
        title,
        type_id: typeId,
        ...(description && { description }),
        ...(priority && { priority }),
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
