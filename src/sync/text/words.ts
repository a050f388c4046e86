import type { GroupBy } from '../read/format.ts';

const NOUNS: Readonly<Record<GroupBy, readonly [string, string]>> = {
  rule: ['finding', 'findings'],
  file: ['finding', 'findings'],
  finding: ['finding', 'findings'],
  test: ['failing test', 'failing tests'],
  suite: ['failing test', 'failing tests'],
  item: ['item', 'items'],
};

/** Such as `12 findings`. */
export function countMembers(kind: GroupBy, count: number): string {
  return `${count} ${NOUNS[kind][count === 1 ? 0 : 1]}`;
}

/** Such as `1 case` or `2 cases`. */
export function countCases(count: number): string {
  return count === 1 ? '1 case' : `${count} cases`;
}
