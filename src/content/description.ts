import { stripControlCharacters } from '../base/log-text.ts';
import { codeBlock, codeSpan, link } from '../base/markdown.ts';
import type { FailedJobs } from '../github/failed-jobs.ts';
import type { LogTail } from '../github/job-logs.ts';
import type { ReportedItem, RunContext } from '../github/run-context.ts';

/** How much of a title is shown in notices, summaries and comments. */
export const MAX_TITLE_CHARS = 150;
/** The most failed jobs, and failed steps of one job, that are listed. */
const MAX_LISTED = 20;

/** A link to the run in Markdown; empty if the run is unknown. */
export function renderRunLink({ run }: RunContext): string {
  if (!run) return '';
  return link(run.attempt > 1 ? `${run.label}, attempt ${run.attempt}` : run.label, run.url);
}

/** What a link to a reported item is called. */
const REPORTED_LABELS: Readonly<Record<ReportedItem['kind'], string>> = {
  check: 'Check',
  'check-suite': 'Checks',
  deployment: 'Deployed by',
};

/** A link to what failed or succeeded, in Markdown: the run, or what it reports. Empty if that is unknown. */
export function renderSubjectLink(context: RunContext): string {
  return context.reported ? renderReportedLink(context.reported) : renderRunLink(context);
}

function renderReportedLink({ name, url }: ReportedItem): string {
  return url && link(name, url);
}

/** The links to the run, or to what it reports and then to the run, by name. */
function listRunLinks(context: RunContext): [string, string][] {
  const { reported } = context;
  const run = renderRunLink(context);
  if (!reported) return [['Run', run]];
  return [
    [REPORTED_LABELS[reported.kind], renderReportedLink(reported)],
    ['Reported by', run],
  ];
}

/** A list in Markdown of what is known about the failed run, what failed first; empty if nothing is. */
export function renderRunContext(context: RunContext, failedJobs: FailedJobs, maxJobs = MAX_LISTED): string {
  const { repositoryUrl, repository, sha, ref, refType, pullRequestNumber } = context;
  const onRef = ref && ` on ${refType && `${refType} `}${codeSpan(ref)}`;
  const items: [string, string][] = [
    ...listRunLinks(context),
    ['Repository', repository && link(repository, repositoryUrl)],
    [
      'Commit',
      sha &&
        repositoryUrl &&
        `${link(sha.slice(0, 7), `${repositoryUrl}/commit/${sha}`)}${onRef}${renderSubject(context.commitSubject)}`,
    ],
    [
      'Pull request',
      pullRequestNumber && repositoryUrl
        ? `${link(`#${pullRequestNumber}`, `${repositoryUrl}/pull/${pullRequestNumber}`)}${renderSubject(context.pullRequestTitle)}`
        : '',
    ],
    ['Environment', context.deploymentEnvironment && codeSpan(context.deploymentEnvironment)],
    ['Actor', context.actor && codeSpan(context.actor)],
    ['Event', context.eventName && codeSpan(context.eventName)],
  ];
  const lines = items.filter(([, value]) => value).map(([name, value]) => `- ${name}: ${value}`);
  return [...renderFailedJobs(context, failedJobs, maxJobs), ...lines].join('\n');
}

/** What somebody wrote about a change, behind a colon; empty if nothing of it is visible. */
function renderSubject(text: string): string {
  return stripControlCharacters(text).trim() && `: ${codeSpan(text, MAX_TITLE_CHARS)}`;
}

/** A line in Markdown for each failed job, with links to the job and its failed steps, and what is not listed. */
export function renderFailedJobs(
  context: RunContext,
  { jobs, unreadJobCount }: FailedJobs,
  maxJobs = MAX_LISTED,
): string[] {
  const lines = jobs.slice(0, maxJobs).map(({ id, name, steps }) => {
    const jobUrl = toJobUrl(context, id);
    const stepLinks = steps
      .slice(0, MAX_LISTED)
      .map((step) => link(step.name, `${jobUrl}#step:${step.number}:1`));
    return `- Failed: ${link(name, jobUrl)}${stepLinks.length ? `, at ${stepLinks.join(', ')}` : ''}`;
  });
  if (jobs.length > maxJobs) lines.push(`- and ${jobs.length - maxJobs} more failed jobs`);
  if (unreadJobCount) lines.push(`- ${unreadJobCount} jobs were not read and may have failed too`);
  return lines;
}

/** A link to the first failed step, or to its job; empty if no job is known. */
export function linkFailedStep(context: RunContext, { jobs }: FailedJobs): string {
  const [job] = jobs;
  if (!job) return '';
  const jobUrl = toJobUrl(context, job.id);
  const [step] = job.steps;
  return step ? link(step.name, `${jobUrl}#step:${step.number}:1`) : link(job.name, jobUrl);
}

function toJobUrl({ repositoryUrl, run }: RunContext, jobId: number): string {
  return `${repositoryUrl}/actions/runs/${run?.id}/job/${jobId}`;
}

/** The ends of the failed steps' logs, in Markdown; empty if there are none. */
export function renderLogTails(logTails: readonly LogTail[]): string {
  return logTails
    .map(
      ({ jobName, stepName, text }) =>
        `Last lines of ${codeSpan(stepName)} in ${codeSpan(jobName)}:\n\n${codeBlock(text)}`,
    )
    .join('\n\n');
}

/** Joins the parts of a description that aren't empty, without control and invisible characters. */
export function joinParagraphs(...parts: readonly string[]): string {
  return parts
    .map(stripControlCharacters)
    .filter((part) => part)
    .join('\n\n');
}
