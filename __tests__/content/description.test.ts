import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { renderRunContext } from '../../src/content/description.ts';
import { hostileText } from '../support/hostile-text.ts';
import { flattenNodes, parseMarkdown } from '../support/markdown-ast.ts';
import { failedJob, REPOSITORY_URL } from '../support/pull-request-run.ts';
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
      `${FOOTER}${REFERENCE}, opened by run 42 of acme/shop`,
    ].join('\n'),
  );
});

test('renderRunContext creates no foreign links, mentions or HTML from hostile text', () => {
  fc.assert(
    fc.property(hostileText, hostileText, hostileText, (a, b, c) => {
      const home = 'https://github.example/acme/shop';
      const run = { id: 1, attempt: 2, label: a, url: `${home}/actions/runs/1/attempts/2` };
      const context = {
        repository: 'acme/shop',
        repositoryUrl: home,
        series: { workflow: 'deploy.yml', branch: a, isMergeQueue: false, headRepository: b },
        run,
        sha: 'a'.repeat(40),
        ref: b,
        refType: 'branch' as const,
        pullRequestNumber: 12,
        actor: c,
        eventName: b,
        deploymentEnvironment: a,
        runnerName: b,
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
