// Shows the action at work: the committed dist, run as a runner would, against the embedded sandboxes.
// With --html, what people see is written to demo.html as GitHub renders it.
import { writeFile } from 'node:fs/promises';
import { DatadogSandbox, PERSON, PROJECT } from '../__tests__/support/datadog.ts';
import { GithubSandbox } from '../__tests__/support/github.ts';
import { page } from '../__tests__/support/page.ts';
import { type Ended, runAction, type Step } from '../__tests__/support/runner.ts';

const [sandbox, github] = await Promise.all([DatadogSandbox.start(), GithubSandbox.start()]);
const shown: { readonly title: string; readonly markdown: string }[] = [];
const base = {
  api_url: sandbox.url,
  api_key: DatadogSandbox.apiKey,
  app_key: DatadogSandbox.appKey,
  github_token: GithubSandbox.token,
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

function part(title: string, text: string): void {
  console.log(`  ── ${title}\n${text.trimEnd().replace(/^/gm, '  │ ')}`);
}

function partForPeople(title: string, markdown: string): void {
  part(title, markdown);
  shown.push({ title, markdown });
}

/** The log as GitHub shows it: commands to the runner become its own words. */
function asShown(log: string): string {
  const text = (escaped: string) => decodeURIComponent(escaped.replace(/%(?!0[AD]|25)/g, '%25'));
  return log
    .replace(/^::add-mask::.*\n/gm, '')
    .replace(/^::(\w)(\w+)(?: [^:]*)?::(.*)$/gm, (_, first: string, rest: string, said: string) => {
      return `${first.toUpperCase()}${rest}: ${text(said)}`;
    });
}

async function scene(title: string, step: Step, expected: (ended: Ended) => boolean): Promise<void> {
  console.log(`\n━━ ${title}\n`);
  const env = github.env({ GITHUB_EVENT_NAME: 'pull_request' });
  const ended = await runAction({ event, ...step, env });
  part(`log (exit code ${ended.exitCode})`, asShown(ended.log));
  const outputs = Object.entries(ended.outputs).map(([name, value]) => `${name}: ${value}`);
  part('outputs', outputs.join('\n'));
  partForPeople('step summary', ended.summary);
  if (!expected(ended) || ended.log.includes('::warning'))
    throw new Error(`"${title}" did not end as it should.`);
}

try {
  const keyed = { ...base, dedup_key: 'deploy-main', pr_comment: 'true' };
  await scene(
    'A deploy failed: a case is opened, and the pull request told',
    {
      inputs: {
        ...keyed,
        priority: 'P2',
        type_id: 'Deployment failure',
        assignee: PERSON.email,
        description: 'The canary never became healthy.',
        log_lines: '10',
        attributes: 'service: checkout\nenv: prod',
        custom_attributes: 'region: eu-west-1\nfailures: 3',
      },
    },
    ({ exitCode, outputs }) => exitCode === 0 && outputs.outcome === 'created',
  );
  partForPeople('description of the case', sandbox.cases[0]?.attributes.description ?? '');
  partForPeople('comment on the pull request', github.comments[0]?.body ?? '');
  part('the case that the sandbox now holds', JSON.stringify(sandbox.cases[0], null, 2));
  await scene(
    'It fails again: the open case is found and told',
    { inputs: keyed },
    ({ outputs }) => outputs.outcome === 'existing',
  );
  partForPeople('timeline of the case', sandbox.cases[0]?.comments.join('\n\n') ?? '');
  await scene(
    'It works again: the case is closed',
    { inputs: { ...keyed, mode: 'close', title: '' } },
    ({ outputs }) => outputs.outcome === 'closed',
  );
  partForPeople('comment on the pull request', github.comments[0]?.body ?? '');
  await scene(
    'A bad input: everything wrong is said at once, and nothing is sent',
    { inputs: { ...base, title: '', priority: 'P9', custom_attributes: '{"region": }' } },
    ({ exitCode, outputs }) => exitCode === 1 && outputs.outcome === 'failed',
  );
  await scene(
    'A wrong key: the API refuses',
    { inputs: { ...base, app_key: 'not-the-right-application-key' } },
    ({ exitCode, outputs }) => exitCode === 1 && outputs.outcome === 'failed',
  );
  if (process.argv.includes('--html')) {
    await writeFile('demo.html', await page(shown));
    console.log('\nWritten to demo.html.');
  }
} finally {
  await Promise.all([sandbox.stop(), github.stop()]);
}
