// Rewrites the tables in docs/ that are generated from real steps.
import { renderFaultTable } from './fault-table.ts';
import { replaceTable } from './replace-table.ts';
import { renderRequestTable } from './request-table.ts';

await replaceTable('docs/faults.md', 'faults', 'npm run docs:update', await renderFaultTable());
await replaceTable('docs/performance.md', 'requests', 'npm run docs:update', await renderRequestTable());
