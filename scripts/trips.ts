// Prints how many requests each path makes, as docs/performance.md quotes it.
import { table } from '../__tests__/support/trips.ts';

console.log(await table());
