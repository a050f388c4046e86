import { beforeEach, expect, test } from '@jest/globals';
import { fetchOwnComments, type IssueComment } from '../../src/github/issue-comments.ts';
import type { Octokit } from '../../src/github/octokit.ts';

type Links = 'to the last page' | 'to the next page' | 'endless';
interface Options {
  readonly links?: Links;
  readonly graphql?: (ids: readonly string[]) => unknown;
}

let pagesRead: number[];
let idsAsked: (readonly string[])[];
beforeEach(() => {
  pagesRead = [];
  idsAsked = [];
});

function listLinks(page: number, last: number, links: Links): string | undefined {
  const address = (number: number) => `<https://github.example/comments?page=${number}&per_page=100>`;
  const next = `${address(page + 1)}; rel="next"`;
  if (links === 'endless') return next;
  if (page >= last) return undefined;
  return links === 'to the next page' ? next : `${next}, ${address(last)}; rel="last"`;
}

/** Finds comments whose text is empty or "ours", among pages with the IDs of such comments. */
function findOurs(pages: readonly (readonly number[])[], options: Options = {}): Promise<IssueComment[]> {
  const { links = 'to the last page', graphql } = options;
  const octokit = {
    request: async (_: string, { page }: { page: number }) => {
      if (page > 150) throw new Error('Too many pages were read.');
      pagesRead.push(page);
      const data = [
        { id: 900_000 + page, node_id: 'other', body: 'Words.' },
        ...(pages[page - 1] ?? []).map((id) => ({ id, node_id: `node-${id}` })),
      ];
      return { data, headers: { link: listLinks(page, pages.length, links) } };
    },
    graphql: async (_: string, { ids }: { ids: readonly string[] }) => {
      idsAsked.push(ids);
      return graphql ? graphql(ids) : { nodes: ids.map(() => ({ viewerDidAuthor: true })) };
    },
  } as unknown as Octokit;
  const pullRequest = { owner: 'acme', repo: 'shop', number: 12 };
  return fetchOwnComments(octokit, pullRequest, ({ body }) => body === '');
}

async function findIds(...parameters: Parameters<typeof findOurs>): Promise<number[]> {
  return (await findOurs(...parameters)).map(({ id }) => id);
}

test('a comment without a body counts as empty', async () => {
  expect(await findOurs([[7]])).toEqual([{ id: 7, nodeId: 'node-7', body: '' }]);
});

test('sorts what it finds by age', async () => {
  expect(await findIds([[5, 9], [7, 8, 2], [11]])).toEqual([2, 5, 7, 8, 9, 11]);
});

test('a single page is read once, and nobody is asked about its authors if nothing matches', async () => {
  expect(await findIds([[]])).toEqual([]);
  expect(pagesRead).toEqual([1]);
  expect(idsAsked).toEqual([]);
});

test.each<[string, number[][], number[], number[]]>([
  [
    'six pages: the first page is left out if a newer one has a comment',
    [[1], [], [], [4], [], []],
    [4],
    [1, 6, 5, 4, 3, 2],
  ],
  ['six pages: the first page is looked at last', [[1], [], [], [], [], []], [1], [1, 6, 5, 4, 3, 2]],
  [
    'eight pages: older ones follow if the newest five have none',
    [[1], [2], [], [], [], [], [], []],
    [1, 2],
    [1, 8, 7, 6, 5, 4, 3, 2],
  ],
  [
    'eight pages: older ones are not read if the newest five have one',
    [[1], [2], [], [4], [], [], [], []],
    [4],
    [1, 8, 7, 6, 5, 4],
  ],
])('reads the newest pages first: %s', async (_, pages, found, read) => {
  expect(await findIds(pages)).toEqual(found);
  expect(pagesRead).toEqual(read);
});

test('follows the links to the next page if there is none to the last', async () => {
  expect(await findIds([[1], [], [3]], { links: 'to the next page' })).toEqual([1, 3]);
  expect(pagesRead).toEqual([1, 2, 3]);
});

test('stops after 100 pages if the links never end', async () => {
  expect(await findIds([[1]], { links: 'endless' })).toEqual([1]);
  expect(pagesRead).toHaveLength(100);
  expect(pagesRead.at(-1)).toBe(100);
});

test('asks for at most 100 authors at a time', async () => {
  const ids = Array.from({ length: 150 }, (_, index) => index + 1);
  expect(await findIds([ids])).toEqual(ids);
  expect(idsAsked.map((asked) => [asked.length, asked[0]])).toEqual([
    [100, 'node-1'],
    [50, 'node-101'],
  ]);
});

test.each<[string, unknown[]]>([
  ['null', [null, { viewerDidAuthor: true }]],
  ['by someone else', [{ viewerDidAuthor: false }, { viewerDidAuthor: true }]],
  ['without an answer', [{}, { viewerDidAuthor: true }]],
])('leaves out a comment that is %s', async (_, nodes) => {
  expect(await findIds([[1, 2]], { graphql: () => ({ nodes }) })).toEqual([2]);
});

test('uses the answers that come with an error about a deleted comment', async () => {
  const error = Object.assign(new Error('Could not resolve to a node.'), {
    data: { nodes: [null, { viewerDidAuthor: true }] },
  });
  expect(await findIds([[1, 2]], { graphql: () => Promise.reject(error) })).toEqual([2]);
});

test.each([
  ['without data', new Error('Something went wrong.')],
  ['with empty data', Object.assign(new Error('Something went wrong.'), { data: null })],
  ['with data that is no list', Object.assign(new Error('Something went wrong.'), { data: { nodes: 'x' } })],
  ['that is undefined', undefined],
])('throws an error %s as it is', async (_, error) => {
  await expect(findIds([[1]], { graphql: () => Promise.reject(error) })).rejects.toBe(error);
});
