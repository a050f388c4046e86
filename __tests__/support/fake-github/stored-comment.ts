import type { FakeResponse, RecordedRequest } from '../fake-server.ts';

/** A comment on the pull request as the fake keeps it. */
export interface StoredComment {
  readonly id: number;
  readonly author: string;
  body: string;
}

/** The author of what a workflow's own token writes. */
export const TOKEN_AUTHOR = 'github-actions[bot]';

/** A comment as in the API's responses. */
export function toApiComment({ id, author, body }: StoredComment) {
  return {
    id,
    node_id: `IC_${id}`,
    user: { login: author },
    body,
    html_url: `https://elsewhere.example/${id}`,
  };
}

/** Answers the GraphQL query that asks which of some comments the token itself wrote. */
export function answerViewerDidAuthor(
  comments: readonly StoredComment[],
  { body }: RecordedRequest,
): FakeResponse {
  const { query, variables } = body as { query: string; variables: { ids: readonly string[] } };
  if (!query.includes('viewerDidAuthor')) return { status: 400, body: { message: 'Problems parsing JSON' } };
  const nodes = variables.ids.map((id) => {
    const match = comments.find((comment) => toApiComment(comment).node_id === id);
    return match ? { viewerDidAuthor: match.author === TOKEN_AUTHOR } : null;
  });
  return { status: 200, body: { data: { nodes } } };
}
