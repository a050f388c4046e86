import { describe, expect, test } from '@jest/globals';
import { FakeDatadog } from '../support/fake-datadog.ts';
import { flattenNodes, parseMarkdown } from '../support/markdown-ast.ts';
import { failedJob } from '../support/pull-request-run.ts';
import { TestCore } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog, github, openCase } = useFakes();

/** The fake GitHub redirects to itself by another name. */
const storageHost = () => `localhost:${new URL(github.url).port}`;

describe('log_lines', () => {
  const log = [
    '2026-01-02T03:04:05.0000000Z ##[group]Run npm test',
    '2026-01-02T03:04:06.0000000Z expected ``` to be 2 @octocat',
    `2026-01-02T03:04:07.0000000Z leak ${FakeDatadog.apiKey}`,
    '2026-01-02T03:04:08.0000000Z ##[error]Process completed with exit code 1.',
    '2026-01-02T03:04:08.5000000Z Post job cleanup.',
  ].join('\n');

  test('adds the last lines of each failed step in a code block, without secrets', async () => {
    github.jobs = [failedJob(5, 'test', { log })];
    await openCase({ log_lines: '3' });
    expect(datadog.lastDescription).toContain(
      'Last lines of `Run tests` in `test`:\n\n````text\nexpected ```',
    );
    expect(datadog.lastDescription).toContain('leak ***\nError: Process completed with exit code 1.\n````');
    expect(
      flattenNodes(parseMarkdown(datadog.lastDescription)).filter(({ type }) => type === 'code'),
    ).toHaveLength(1);
  });

  test('warns that a running job has no log yet', async () => {
    const running = { status: 'in_progress', conclusion: null };
    github.jobs = [failedJob(5, 'deploy', running)];
    expect((await openCase({ log_lines: '3' })).messages('warning')).toBe(
      'log_lines: job "deploy" is still running, so the log isn\'t available yet. Report from a later job (`needs:`).',
    );
    github.jobs = Array.from({ length: 7 }, (_, index) => failedJob(index + 1, `leg ${index}`, running));
    const core = await openCase({ log_lines: '3' });
    expect(core.messages('warning')).toMatch(/^log_lines: job "leg 0" and 6 more are still running/);
    expect(core.outputs.outcome).toBe('created');
  });

  test('warns about a log that could not be read', async () => {
    github.jobs = [failedJob(6, 'gone'), failedJob(7, 'kept', { log })];
    const core = await openCase({ log_lines: '3' });
    expect(core.messages('warning')).toBe(
      `log_lines: could not read the log of job "gone". GitHub's log storage (${storageHost()}) returned 404.`,
    );
    expect(datadog.lastDescription).toContain('in `kept`');
  });

  test('warns which permission is missing to read logs', async () => {
    github.jobs = [failedJob(6, 'a', { log })];
    const body = { message: 'Must have admin rights to Repository.' };
    github.injectFault({ request: 'GET .*/logs', response: { status: 403, body } });
    expect((await openCase({ log_lines: '3' })).messages('warning')).toContain(
      'job "a". github_token lacks a permission (403 Must have admin rights to Repository). Add `actions: read`',
    );
  });

  test.each([401, 403])(
    'does not blame github_token for a %d of the host that stores logs',
    async (status) => {
      github.jobs = [failedJob(5, 'a', { log })];
      const body = '<Error>AuthenticationFailed: sig=signature</Error>';
      github.injectFault({ request: 'GET /blob/5', response: { status, body } });
      const core = await openCase({ log_lines: '3' });
      expect(core.messages('warning')).toBe(
        `log_lines: could not read the log of job "a". GitHub's log storage (${storageHost()}) returned ${status}. github_token isn't sent there, so it isn't the cause. Check that the runner's network and its proxy allow requests to this host.`,
      );
      expect(core.visibleText).not.toContain('signature');
    },
  );

  test('a failed download does not show the signed address of the log', async () => {
    github.jobs = [failedJob(6, 'a', { log })];
    const core = new TestCore();
    core.isDebugEnabled = true;
    github.injectFault({
      request: 'GET .*/logs',
      response: { status: 302, headers: { Location: 'http://127.0.0.1:1/log?sig=signature' } },
    });
    await openCase({ log_lines: '3' }, { core });
    expect(core.messages('warning')).toContain('Could not connect to GitHub (ECONNREFUSED)');
    expect(core.visibleText).not.toContain('signature');
  });

  test('does not show the URL of a log that redirects in circles', async () => {
    github.jobs = [failedJob(5, 'test', { log })];
    const location = `${github.url}/blob/5?sig=signature`;
    const response = { status: 302, headers: { Location: location } };
    github.injectFault({ request: 'GET .*/logs$', response });
    github.injectFault({ request: 'GET /blob', response, times: 50 });
    const core = new TestCore();
    core.isDebugEnabled = true;
    await openCase({ log_lines: '3' }, { core });
    expect(core.messages('warning')).toContain('could not read the log of job "test"');
    expect(core.visibleText).not.toContain('signature');
  });

  test('reads the end of a log that is larger than it keeps', async () => {
    const noise = `2026-01-02T03:04:06.0000000Z ${'x'.repeat(1000)}\n`.repeat(17_000);
    github.jobs = [failedJob(5, 'test', { log: `${noise}2026-01-02T03:04:06.0000000Z ##[error]At last.` })];
    const core = await openCase({ log_lines: '1' });
    expect(core.messages('warning')).toBe('');
    expect(datadog.lastDescription).toContain('\nError: At last.\n');
  });

  test('does not take what a program prints behind a carriage return for a line of the runner', async () => {
    const fake = '2026-01-02T03:04:06.0000000Z progress\r2026-01-02T03:04:06.0000000Z ##[error]fake';
    github.jobs = [failedJob(5, 'test', { log: fake })];
    await openCase({ log_lines: '5' });
    expect(datadog.lastDescription).not.toContain('Error: fake');
  });

  test('warns that only five logs are read', async () => {
    github.jobs = Array.from({ length: 7 }, (_, index) => failedJob(index + 1, `job ${index}`, { log }));
    expect((await openCase({ log_lines: '3' })).messages('warning')).toBe(
      'log_lines: 7 jobs failed, and only the logs of the first 5 were read.',
    );
  });

  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'mine', ''])(
    'keeps a ##[%s] that a program printed as it is',
    async (marker) => {
      const line = `2026-01-02T03:04:07.0000000Z ##[${marker}]x`;
      github.jobs = [failedJob(5, 'test', { log: line })];
      await openCase({ log_lines: '3' });
      expect(datadog.lastDescription).toContain(`\n\`\`\`text\n##[${marker}]x\n\`\`\``);
    },
  );

  test('truncates long logs and says so', async () => {
    const longLog = Array.from(
      { length: 900 },
      (_, index) => `2026-01-02T03:04:06.0000000Z ${index} ${'x'.repeat(200)}`,
    ).join('\n');
    github.jobs = [failedJob(5, 'a', { log: longLog }), failedJob(6, 'b', { log: longLog })];
    await openCase({ log_lines: '1000' });
    expect(datadog.lastDescription.length).toBeLessThan(35_000);
    expect(datadog.lastDescription.match(/earlier lines left out/g)).toHaveLength(2);
  });
});
