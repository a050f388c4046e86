export type Format = 'sarif' | 'junit' | 'json';

/** What gets a case of its own. */
export type GroupBy = 'rule' | 'file' | 'finding' | 'test' | 'suite' | 'item';

/** What each format can be grouped by, the default first. */
export const GROUPINGS: Readonly<Record<Format, readonly [GroupBy, ...GroupBy[]]>> = {
  sarif: ['rule', 'file', 'finding'],
  junit: ['test', 'suite'],
  json: ['item'],
};
