// Prints what becomes of every fault at every request of every path, as docs/faults.md quotes it.
import { table } from '../__tests__/support/faults.ts';

console.log(await table());
