import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { renderRunContext } from '../../src/content/description.ts';
import { type RunContext, readRunContext } from '../../src/github/run-context.ts';
import { FakeDatadog } from '../support/fake-datadog.ts';
import { hostileText } from '../support/hostile-text.ts';
import { flattenNodes, parseMarkdown } from '../support/markdown-ast.ts';
import { failedJob, PULL_REQUEST_EVENT, REPOSITORY_URL } from '../support/pull-request-run.ts';
import { FOOTER, REFERENCE } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog, github, openCase } = useFakes();

test('the description links the run, the commit and the failed jobs above the reference', async () => {
  github.jobs = [failedJob(5, 'test (eu)'), { id: 6, name: 'lint', conclusion: 'success' }];
  await openCase({ description: 'The canary died.' });
  expect(datadog.lastDescription).toBe(
    [
      'The canary died.',
      '',
      `- Failed: [\`test (eu)\`](${REPOSITORY_URL}/actions/runs/42/job/5), at [\`Run tests\`](${REPOSITORY_URL}/actions/runs/42/job/5#step:4:1)`,
      `- Run: [\`Deploy #7\`](${REPOSITORY_URL}/actions/runs/42/attempts/1)`,
      `- Repository: [\`acme/shop\`](${REPOSITORY_URL})`,
      `- Commit: [\`aaaaaaa\`](${REPOSITORY_URL}/commit/${'a'.repeat(40)}) on branch \`main\``,
      '- Actor: `octocat`',
      '- Event: `push`',
      '',
      `${FOOTER}${REFERENCE}, opened by run 42 of acme/shop on github.example`,
    ].join('\n'),
  );
});

test('the description names the subject of the commit, without keys, as text', async () => {
  const message = `Fix @octocat's [cart](https://evil.example) ${FakeDatadog.apiKey} ${'x'.repeat(200)}\n\nMore.`;
  await openCase({}, { event: { head_commit: { message } } });
  const line = datadog.lastDescription.split('\n').find((text) => text.startsWith('- Commit:'));
  expect(line).toContain(" on branch `main`: `Fix @octocat's [cart](https://evil.example) *** xxx");
  expect(line).toMatch(/x…`$/);
  expect(datadog.lastDescription).not.toContain('More.');
});

test('the description names the title of the pull request', async () => {
  const { pull_request } = PULL_REQUEST_EVENT;
  await openCase({}, { event: { pull_request: { ...pull_request, title: 'Make it *faster*' } } });
  expect(datadog.lastDescription).toContain(
    `- Pull request: [\`#12\`](${REPOSITORY_URL}/pull/12): \`Make it *faster*\`\n`,
  );
});

test('a run of a tag is not on a branch', async () => {
  const workflow_run = { id: 99, run_attempt: 1, event: 'push', head_branch: 'v1.2.0' };
  await openCase({}, { env: { GITHUB_EVENT_NAME: 'workflow_run' }, event: { workflow_run } });
  expect(datadog.lastDescription).toMatch(/^- Commit: \S+ on `v1\.2\.0`$/m);
});

test('renderRunContext creates no foreign links, mentions or HTML from hostile text', () => {
  fc.assert(
    fc.property(hostileText, hostileText, hostileText, (a, b, c) => {
      const home = 'https://github.example/acme/shop';
      const run = { id: 1, attempt: 2, label: a, url: `${home}/actions/runs/1/attempts/2` };
      const context: RunContext = {
        ...readRunContext({}, undefined),
        repository: 'acme/shop',
        repositoryUrl: home,
        run,
        sha: 'a'.repeat(40),
        commitSubject: c,
        ref: b,
        pullRequestNumber: 12,
        pullRequestTitle: a,
        actor: c,
        eventName: b,
        deploymentEnvironment: a,
      };
      const jobs = [
        {
          id: 3,
          name: a,
          isCompleted: true,
          steps: [{ number: 4, name: b, startedAtMs: 0, completedAtMs: 0 }],
        },
      ];
      const nodes = flattenNodes(parseMarkdown(renderRunContext(context, { jobs, unreadJobCount: 2 })));
      const allowed = ['root', 'list', 'listItem', 'paragraph', 'text', 'inlineCode', 'link'];
      expect(nodes.filter(({ type }) => !allowed.includes(type))).toEqual([]);
      for (const { url = home } of nodes) expect(url.startsWith(home)).toBe(true);
      expect(nodes.filter(({ type }) => type === 'link')).toHaveLength(6);
      expect(
        nodes
          .filter(({ type }) => type === 'text')
          .map(({ value }) => value)
          .join(''),
      ).not.toMatch(/@|evil/);
    }),
    { numRuns: 300 },
  );
});
