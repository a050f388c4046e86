import type { FakeResponse, RecordedRequest } from '../fake-server.ts';

/** Responds with the requested page of some items, and links the next and the last page. */
export function paginate<T>(
  { query, path }: RecordedRequest,
  items: readonly T[],
  toBody: (items: T[]) => unknown,
): FakeResponse {
  const size = Number(query.get('per_page') ?? 30);
  const number = Number(query.get('page') ?? 1);
  const last = Math.max(1, Math.ceil(items.length / size));
  const link = (page: number, rel: string) =>
    `<https://github.example${path}?per_page=${size}&page=${page}>; rel="${rel}"`;
  const headers: Record<string, string> =
    number < last ? { Link: [link(number + 1, 'next'), link(last, 'last')].join(', ') } : {};
  return { status: 200, body: toBody(items.slice((number - 1) * size, number * size)), headers };
}
