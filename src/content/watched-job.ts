import { isRecord } from '../base/json.ts';
import { truncate } from '../base/truncate.ts';
import type { WatchedJob } from '../github/watched-job.ts';

const MAX_MATRIX_CHARS = 100;

/** The default title of a watched job's case, such as `Deploy / deploy (eu) failed on main`. Not shown as Markdown. */
export function watchedJobTitle(job: WatchedJob, { isCancelled }: { readonly isCancelled: boolean }): string {
  const { workflowName, jobId, matrix, refType, ref, deploymentEnvironment } = job;
  const values = truncate(listMatrixValues(matrix).join(', '), MAX_MATRIX_CHARS);
  const name = [workflowName, jobId].filter((part) => part).join(' / ') || 'Job';
  const what = `${name}${values && ` (${values})`} ${isCancelled ? 'was cancelled' : 'failed'}`;
  const where = ref && ` on ${refType === 'tag' ? 'tag ' : ''}${ref}`;
  return `${what}${where}${deploymentEnvironment && ` (${deploymentEnvironment})`}`;
}

/** The values at the leaves of a matrix, in the order in which GitHub names the job after them. */
function listMatrixValues(matrix: unknown): string[] {
  if (Array.isArray(matrix)) return matrix.flatMap(listMatrixValues);
  if (isRecord(matrix)) return Object.values(matrix).flatMap(listMatrixValues);
  return matrix === undefined || matrix === null || matrix === '' ? [] : [String(matrix)];
}
