// Shows the action at work: the committed dist, run as a runner would, against the embedded sandbox.
import { DatadogSandbox, PERSON, PROJECT } from '../__tests__/support/datadog.ts';
import { type Ended, runAction, type Step } from '../__tests__/support/runner.ts';

const sandbox = await DatadogSandbox.start();
const base = {
  api_url: sandbox.url,
  api_key: DatadogSandbox.apiKey,
  app_key: DatadogSandbox.appKey,
  project: PROJECT.key,
  title: 'Deploy of acme/shop failed',
};

function part(title: string, text: string): void {
  console.log(`  ── ${title}\n${text.trimEnd().replace(/^/gm, '  │ ')}`);
}

/** The log as GitHub shows it: commands to the runner become its own words. */
function asShown(log: string): string {
  return log
    .replace(/^::add-mask::.*\n/gm, '')
    .replace(
      /^::(\w)(\w+)(?: [^:]*)?::(.*)$/gm,
      (_, first: string, rest: string, text: string) =>
        `${first.toUpperCase()}${rest}: ${decodeURIComponent(text.replace(/%(?!0[AD]|25)/g, '%25'))}`,
    );
}

async function scene(title: string, step: Step, expected: (ended: Ended) => boolean): Promise<void> {
  console.log(`\n━━ ${title}\n`);
  const ended = await runAction(step);
  part(`log (exit code ${ended.exitCode})`, asShown(ended.log));
  const outputs = Object.entries(ended.outputs).map(([name, value]) => `${name}: ${value}`);
  part('outputs', outputs.join('\n'));
  part('step summary', ended.summary);
  if (!expected(ended)) throw new Error(`"${title}" did not end as it should.`);
}

try {
  await scene(
    'A deploy failed: a case is opened',
    {
      inputs: {
        ...base,
        priority: 'P2',
        type_id: 'Deployment failure',
        assignee: PERSON.email,
        description: 'The canary never became healthy.',
        attributes: 'service: checkout\nenv: prod',
        custom_attributes: 'region: eu-west-1\nfailures: 3',
      },
    },
    ({ exitCode, outputs }) => exitCode === 0 && outputs.outcome === 'created',
  );
  part('the case that the sandbox now holds', JSON.stringify(sandbox.cases.at(-1), null, 2));
  const again = { ...base, dedup_key: 'deploy-main' };
  await scene(
    'With a dedup_key: the first failure opens a case',
    { inputs: again },
    ({ outputs }) => outputs.outcome === 'created',
  );
  await scene(
    'The same again: the open case is found and told',
    { inputs: again },
    ({ outputs }) => outputs.outcome === 'existing',
  );
  part('the timeline of that case', sandbox.cases.at(-1)?.comments.join('\n') ?? '');
  await scene(
    'The deploy works again: the case is closed',
    { inputs: { ...again, mode: 'close', title: '' } },
    ({ outputs }) => outputs.outcome === 'closed',
  );
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
} finally {
  await sandbox.stop();
}
