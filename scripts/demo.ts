// Demonstrates the action: runs the committed dist as a runner does, against local fakes of Datadog and GitHub.
// With --html, writes summaries, descriptions and comments to demo.html as GitHub renders them.
import { writeFile } from 'node:fs/promises';
import { ACTIVE_USER, PROJECT } from '../__tests__/support/fake-datadog/catalog.ts';
import { FakeDatadog } from '../__tests__/support/fake-datadog.ts';
import { FakeGitHub } from '../__tests__/support/fake-github.ts';
import { type ActionResult, type ActionRun, runAction } from '../__tests__/support/run-action.ts';
import { type DemoSection, renderDemoPage } from './demo-page.ts';

const [datadog, github] = await Promise.all([FakeDatadog.start(), FakeGitHub.start()]);
const sections: DemoSection[] = [];
const baseInputs = {
  api_url: datadog.url,
  api_key: FakeDatadog.apiKey,
  app_key: FakeDatadog.appKey,
  github_token: FakeGitHub.token,
  project: PROJECT.key,
  title: 'Deploy of acme/shop failed',
};
const event = { pull_request: { number: 12, head: { sha: 'b'.repeat(40), ref: 'faster-checkout' } } };
github.jobs = [
  {
    id: 5,
    name: 'test (eu-west-1)',
    steps: [
      {
        number: 4,
        name: 'Run tests',
        conclusion: 'failure',
        started_at: '2026-01-02T03:04:05Z',
        completed_at: '2026-01-02T03:04:08Z',
      },
    ],
    log: [
      '2026-01-02T03:04:05.1Z ##[group]Run npm test',
      '2026-01-02T03:04:07.2Z \u001b[31mFAIL\u001b[0m checkout: expected 3 items in the cart, found 2',
      '2026-01-02T03:04:08.3Z ##[error]Process completed with exit code 1.',
      '2026-01-02T03:04:08.4Z Post job cleanup.',
    ].join('\n'),
  },
];

function printSection(title: string, text: string): void {
  console.log(`  ── ${title}\n${text.trimEnd().replace(/^/gm, '  │ ')}`);
}

/** Prints Markdown, and adds it to the page. */
function showMarkdown(title: string, markdown: string): void {
  printSection(title, markdown);
  sections.push({ title, markdown });
}

/** Renders the log as GitHub shows it, with workflow commands as labels. */
function renderLog(log: string): string {
  const decode = (text: string) => decodeURIComponent(text.replace(/%(?!0[AD]|25)/g, '%25'));
  return log
    .replaceAll('\r\n', '\n') // On Windows.
    .replace(/^::add-mask::.*\n/gm, '')
    .replace(/^::(\w)(\w+)(?: [^:]*)?::(.*)$/gm, (_, first: string, rest: string, message: string) => {
      return `${first.toUpperCase()}${rest}: ${decode(message)}`;
    });
}

async function showScene(
  title: string,
  run: ActionRun,
  isExpected: (result: ActionResult) => boolean,
): Promise<void> {
  console.log(`\n━━ ${title}\n`);
  const env = github.env({ GITHUB_EVENT_NAME: 'pull_request' });
  const result = await runAction({ event, ...run, env });
  printSection(`log (exit code ${result.exitCode})`, renderLog(result.log));
  const outputs = Object.entries(result.outputs).map(([name, value]) => `${name}: ${value}`);
  printSection('outputs', outputs.join('\n'));
  showMarkdown('step summary', result.summary);
  if (!isExpected(result) || result.log.includes('::warning'))
    throw new Error(`"${title}" did not end as expected.`);
}

try {
  const keyedInputs = { ...baseInputs, dedup_key: 'deploy-main', pr_comment: 'true' };
  await showScene(
    'A deploy failed: opens a case and comments on the pull request',
    {
      inputs: {
        ...keyedInputs,
        priority: 'P2',
        type_id: 'Deployment failure',
        assignee: ACTIVE_USER.email,
        description: 'The canary never became healthy.',
        log_lines: '10',
        attributes: 'service: checkout\nenv: prod',
        custom_attributes: 'region: eu-west-1\nfailures: 3',
      },
    },
    ({ exitCode, outputs }) => exitCode === 0 && outputs.outcome === 'created',
  );
  showMarkdown('description of the case', datadog.cases[0]?.attributes.description ?? '');
  showMarkdown('comment on the pull request', github.comments[0]?.body ?? '');
  printSection('the case in the fake Datadog', JSON.stringify(datadog.cases[0], null, 2));
  await showScene(
    'The deploy fails again: finds the open case and comments on it',
    { inputs: keyedInputs },
    ({ outputs }) => outputs.outcome === 'existing',
  );
  showMarkdown('timeline of the case', datadog.cases[0]?.comments.join('\n\n') ?? '');
  await showScene(
    'The deploy succeeds: closes the case',
    { inputs: { ...keyedInputs, mode: 'close', title: '' } },
    ({ outputs }) => outputs.outcome === 'closed',
  );
  showMarkdown('comment on the pull request', github.comments[0]?.body ?? '');
  await showScene(
    'Invalid inputs: reports all of them and sends nothing',
    { inputs: { ...baseInputs, title: '', priority: 'P9', custom_attributes: '{"region": }' } },
    ({ exitCode, outputs }) => exitCode === 1 && outputs.outcome === 'failed',
  );
  await showScene(
    'A wrong key: Datadog returns 403',
    { inputs: { ...baseInputs, app_key: 'not-the-right-application-key' } },
    ({ exitCode, outputs }) => exitCode === 1 && outputs.outcome === 'failed',
  );
  if (process.argv.includes('--html')) {
    await writeFile('demo.html', await renderDemoPage(sections));
    console.log('\nWritten to demo.html.');
  }
} finally {
  await Promise.all([datadog.stop(), github.stop()]);
}
