/** The case types that every organisation has, under the same ids. Source: recorded answers. */
export const BUILT_IN: ReadonlyMap<string, string> = new Map(
  (
    [
      [1, 'Standard'],
      [2, 'Event Management'],
      [3, 'Security'],
      [4, 'Change Request'],
      [5, 'Error Tracking'],
      [7, 'Logs Optimization Insights'],
    ] as const
  ).map(([number, name]) => [name.toLowerCase(), `00000000-0000-0000-0000-00000000000${number}`]),
);
