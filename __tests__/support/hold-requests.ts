import type { FakeServer } from './fake-server.ts';

/** Holds the responses to matching requests (method and path) until this many of them have arrived at the servers. */
export function holdUntilArrived(servers: readonly FakeServer[], count: number, pattern = /./): void {
  const { promise: allArrived, resolve: release } = Promise.withResolvers<void>();
  let arrivedCount = 0;
  for (const server of servers)
    server.beforeResponse = ({ method, path }) => {
      if (!pattern.test(`${method} ${path}`)) return undefined;
      arrivedCount += 1;
      if (arrivedCount === count) release();
      return allArrived;
    };
}
