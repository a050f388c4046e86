import { isRecord } from '../base/json.ts';
import { truncate } from '../base/truncate.ts';
import type { Subject } from '../github/subject.ts';
import type { WatchedJob } from '../github/watched-job.ts';

const MAX_MATRIX_CHARS = 100;
const MAX_NAME_CHARS = 100;

interface TitleOptions {
  readonly isCancelled: boolean;
}

/** The default title of the case about what an event reports, such as `Test failed on main`. Not shown as Markdown. */
export function subjectTitle(subject: Subject, options: TitleOptions): string {
  if (subject.kind === 'job') return watchedJobTitle(subject.job, options);
  const [name, ref] = describeSubject(subject).map((text) => truncate(text, MAX_NAME_CHARS));
  return `${name} ${options.isCancelled ? 'was cancelled' : 'failed'}${ref && ` on ${ref}`}`;
}

/** Names what is reported, and where it runs, if that distinguishes its case from others. */
function describeSubject(subject: Exclude<Subject, { kind: 'job' }>): [name: string, ref: string] {
  switch (subject.kind) {
    case 'workflow_run':
      return [subject.workflowName || subject.workflowFile || 'Workflow', subject.branch];
    case 'deployment_status': {
      const { environment, ref, isProduction } = subject;
      return [`Deployment${environment && ` to ${environment}`}`, isProduction ? '' : ref];
    }
    case 'check_run':
    case 'check_suite':
      return [subject.checkName || subject.app || 'Check', subject.branch];
  }
}

/** The default title of a watched job's case, such as `Deploy / deploy (eu) failed on main`. Not shown as Markdown. */
export function watchedJobTitle(job: WatchedJob, { isCancelled }: TitleOptions): string {
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
