// Demonstrates the action: runs the committed dist as a runner does, against local fakes of Datadog and GitHub.
// With --html, writes summaries, descriptions and comments to demo.html as GitHub renders them. With --pictures, takes
// the pictures of the README (needs Chromium).
import { writeFile } from 'node:fs/promises';
import { ACTIVE_USER, PROJECT } from '../../__tests__/support/fake-datadog/catalog.ts';
import { FakeDatadog } from '../../__tests__/support/fake-datadog.ts';
import { FakeGitHub } from '../../__tests__/support/fake-github.ts';
import { type ActionResult, type ActionRun, runAction } from '../../__tests__/support/run-action.ts';
import { runWatchedJob } from '../../__tests__/support/run-watched-job.ts';
import { EVENT, FORK_EVENT, JOBS, PUSH_EVENT, REPORTS, WATCHED_JOB } from './fixtures.ts';
import { type DemoSection, renderDemoPage } from './page.ts';
import { takePictures } from './pictures.ts';
import { printSection, renderLog, renderOutputs } from './print.ts';

const [datadog, github] = await Promise.all([FakeDatadog.start(), FakeGitHub.start()]);
const sections: DemoSection[] = [];
/** Sections that the README shows, by the name of the picture. */
const pictures = new Map<string, DemoSection>();
let scene = '';
let runNumber = 6;
const baseInputs = {
  api_url: datadog.url,
  api_key: FakeDatadog.apiKey,
  app_key: FakeDatadog.appKey,
  github_token: FakeGitHub.token,
  project: PROJECT.key,
  title: 'Deploy of acme/shop failed',
};
/** Prints Markdown, and adds it to the page of the current scene. */
function showMarkdown(title: string, markdown: string): void {
  printSection(title, markdown);
  sections.push({ scene, title, markdown });
}

/** Remembers the latest section for a picture, with a heading that says where people see it. */
function keepPicture(name: string, title: string): void {
  const section = sections.at(-1);
  if (section) pictures.set(name, { ...section, title });
}

/** The environment of another run: each scene is one. */
function nextRun(): Record<string, string> {
  runNumber += 1;
  return github.env({ GITHUB_RUN_NUMBER: String(runNumber), GITHUB_RUN_ID: String(9_000 + runNumber) });
}

interface Scene extends ActionRun {
  readonly title: string;
  readonly outcome: string;
  /** Whether the step is red. */
  readonly shouldFail?: boolean;
  readonly shouldWarn?: boolean;
}

/** Runs the action, shows what people see, and checks that the scene ended as its title says. */
async function showScene({
  title,
  outcome,
  shouldFail = false,
  shouldWarn = false,
  ...run
}: Scene): Promise<void> {
  scene = title;
  console.log(`\n━━ ${title}\n`);
  const env = { ...nextRun(), GITHUB_EVENT_NAME: 'pull_request', ...run.env };
  const result = await runAction({ event: EVENT, ...run, env });
  printSection(`log (exit code ${result.exitCode})`, renderLog(result.log));
  printSection('outputs', renderOutputs(result.outputs));
  showMarkdown('step summary', result.summary);
  checkScene(result, { title, outcome, shouldFail, shouldWarn });
}

/** Runs both ends of a watched job: the one of the README's quick start. */
async function showWatchedJob(title: string, status: 'failure' | 'success', expected: RegExp): Promise<void> {
  scene = title;
  console.log(`\n━━ ${title}\n`);
  const { title: _, github_token: __, ...inputs } = baseInputs;
  const { start, end } = await runWatchedJob({
    status,
    inputs,
    checkRunId: WATCHED_JOB.id,
    event: PUSH_EVENT,
    env: { ...nextRun(), GITHUB_EVENT_NAME: 'push', GITHUB_SHA: PUSH_EVENT.after },
  });
  printSection('log at the start of the job', renderLog(start.log));
  printSection('log at the end of the job', renderLog(end.log));
  showMarkdown('step summary', end.summary);
  if (start.exitCode || end.exitCode || !expected.test(end.log))
    throw new Error(`"${title}" did not end as expected.`);
}

function checkScene(
  { exitCode, outputs, log }: ActionResult,
  {
    title,
    outcome,
    shouldFail,
    shouldWarn,
  }: Required<Pick<Scene, 'title' | 'outcome' | 'shouldFail' | 'shouldWarn'>>,
): void {
  const isExpected =
    outputs.outcome === outcome &&
    (exitCode !== 0) === shouldFail &&
    log.includes('::warning') === shouldWarn;
  if (!isExpected) throw new Error(`"${title}" did not end as expected.`);
}

github.jobs = JOBS;
try {
  const keyedInputs = { ...baseInputs, dedup_key: 'deploy-main', pr_comment: 'true' };
  /** What the one step of a job that reports for others gets, with `mode: auto`. */
  const reporting = (result: string) => ({ ...keyedInputs, mode: 'auto', result });
  const fullInputs = {
    ...keyedInputs,
    priority: 'P2',
    type_id: 'Deployment failure',
    assignee: ACTIVE_USER.email,
    description: 'The canary never became healthy.',
    log_lines: '10',
    attributes: 'service: checkout\nenv: prod',
    custom_attributes: 'region: eu-west-1\nfailures: 3',
  };
  await showScene({
    title: 'A deploy failed: opens a case and comments on the pull request',
    inputs: { ...fullInputs, ...reporting('failure') },
    outcome: 'created',
  });
  showMarkdown('description of the case', datadog.cases[0]?.attributes.description ?? '');
  showMarkdown('comment on the pull request', github.comments[0]?.body ?? '');
  await showScene({
    title: 'The deploy fails again: finds the open case and comments on it',
    inputs: reporting('success failure'),
    outcome: 'existing',
  });
  showMarkdown('timeline of the case', datadog.cases[0]?.comments.join('\n\n') ?? '');
  showMarkdown('comment on the pull request', github.comments[0]?.body ?? '');
  keepPicture('comment', 'Comment on the pull request on GitHub');
  await showScene({
    title: 'The deploy is cancelled: changes nothing',
    inputs: reporting('cancelled'),
    outcome: 'none',
  });
  github.jobs = [];
  await showScene({
    title: 'The deploy succeeds: closes the case',
    inputs: reporting('success skipped'),
    outcome: 'closed',
  });
  github.jobs = JOBS;
  showMarkdown('comment on the pull request', github.comments[0]?.body ?? '');
  await showScene({
    title: 'A dry run: checks everything and creates nothing',
    inputs: { ...fullInputs, dry_run: 'true' },
    outcome: 'planned',
  });
  await showScene({
    title: 'The assignee has left: opens the case without them, with a warning',
    inputs: { ...baseInputs, assignee: 'gone@acme.example' },
    outcome: 'created',
    shouldWarn: true,
  });
  await showScene({
    title: 'A pull request from a fork, without secrets: skips and passes',
    inputs: { ...baseInputs, api_key: '', app_key: '' },
    event: FORK_EVENT,
    outcome: 'skipped',
  });
  await showScene({
    title: 'Invalid inputs: reports all of them and sends nothing',
    inputs: { ...baseInputs, title: '', priority: 'P9', custom_attributes: '{"region": }' },
    outcome: 'failed',
    shouldFail: true,
  });
  await showScene({
    title: 'A wrong key: Datadog returns 403',
    inputs: { ...baseInputs, app_key: 'not-the-right-application-key' },
    outcome: 'failed',
    shouldFail: true,
  });
  github.jobs = [WATCHED_JOB];
  await showWatchedJob('A watched job fails: opens a case', 'failure', /Opened OPS-/);
  keepPicture('summary', 'Summary of the workflow run on GitHub');
  showMarkdown('description of the case', datadog.cases.at(-1)?.attributes.description ?? '');
  keepPicture(
    'description',
    `${datadog.cases.at(-1)?.attributes.title} · Description of the case in Datadog`,
  );
  await showWatchedJob('It fails again: comments on the case', 'failure', /Commented on the open case OPS-/);
  await showWatchedJob('It succeeds: closes the case', 'success', /Closed OPS-/);
  const { title: _, ...syncInputs } = baseInputs;
  const syncing = {
    action: 'sync/action.yml',
    inputs: { ...syncInputs, files: '*.sarif' },
    event: PUSH_EVENT,
    env: { GITHUB_EVENT_NAME: 'push', GITHUB_SHA: PUSH_EVENT.after, GITHUB_REF_NAME: 'main' },
    outcome: 'synced',
  };
  await showScene({
    ...syncing,
    title: 'A scanner reports findings: opens a case for each rule',
    files: { 'scan.sarif': REPORTS.first },
  });
  showMarkdown('description of a case', datadog.lastDescription);
  await showScene({
    ...syncing,
    title: 'Its next report: opens, updates and closes cases',
    files: { 'scan.sarif': REPORTS.second },
  });
  keepPicture('sync', 'Summary of the workflow run on GitHub');
  if (process.argv.includes('--html')) {
    await writeFile('demo.html', await renderDemoPage(sections));
    console.log('\nWritten to demo.html.');
  }
  if (process.argv.includes('--pictures')) {
    await takePictures(pictures);
    console.log('\nWritten to docs/images.');
  }
} finally {
  await Promise.all([datadog.stop(), github.stop()]);
}
