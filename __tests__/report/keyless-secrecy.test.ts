import { beforeEach, expect, test } from '@jest/globals';
import { FAULT_KINDS } from '../faults/trial.ts';
import { allowKeylessSignIn, keylessInputs, listTokens } from '../support/keyless-run.ts';
import { runStep, TestCore } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog, github, clock } = useFakes();
beforeEach(() => {
  allowKeylessSignIn(datadog, github);
});

/** Runs a step with debug logging. Fails if anything that it writes, or sends to Datadog as text, holds a token. */
async function expectNoTokens(inputs: Record<string, string> = {}): Promise<TestCore> {
  const core = new TestCore();
  core.isDebugEnabled = true;
  await runStep({ inputs: { ...keylessInputs(datadog), ...inputs }, env: github.env(), clock, core });
  const written = core.visibleText + JSON.stringify(datadog.requests.map(({ body }) => body));
  for (const token of listTokens(datadog, github)) {
    // The beginning of a token, as in a quotation that was cut off, is no better than the whole.
    expect(written).not.toContain(token.slice(0, 24));
  }
  return core;
}

test('masks all tokens and shows none when all goes well', async () => {
  const core = await expectNoTokens();
  expect(core.outputs.outcome).toBe('created');
  expect(listTokens(datadog, github)).toHaveLength(3);
  expect(core.masked).toEqual(listTokens(datadog, github));
});

test('shows no token when Datadog rejects the identity and repeats it', async () => {
  datadog.delegatedTokens.mappedSubjects = [];
  expect((await expectNoTokens()).messages('error')).toContain('returned 401');
});

test.each(['POST /api/v2/cases$', 'GET /api/v2/cases$'])(
  'shows no token when the response to %s repeats the request',
  async (request) => {
    datadog.injectFault({
      request,
      response: { status: 400, body: { errors: ['Bearer sandbox-delegated-token-0 is wrong'] } },
    });
    const core = await expectNoTokens({ dedup_key: 'k' });
    expect(core.visibleText).toContain('Bearer *** is wrong');
  },
);

const REQUESTS = ['GET /idtoken', 'POST /api/v2/delegated-token', 'POST /api/v2/cases$'];
test.each(REQUESTS.flatMap((request) => FAULT_KINDS.map((kind) => [request, kind.name, kind] as const)))(
  'shows no token when %s goes wrong: %s',
  async (request, _, kind) => {
    const server = request.startsWith('GET') ? github : datadog;
    server.injectFault({ ...kind, request });
    const core = await expectNoTokens();
    expect(core.visibleText).not.toMatch(/TypeError|RangeError|\[object Object\]/);
  },
);

test.each([200, 201, 302, 400, 401, 403, 404, 429, 500])(
  'shows nothing of a response with status %d that may hold a token',
  async (status) => {
    const unknownToken = `eyJ${'x'.repeat(400)}`;
    for (const [server, request] of [
      [github, 'GET /idtoken'],
      [datadog, 'POST /api/v2/delegated-token'],
    ] as const) {
      for (const body of [unknownToken, { errors: [{ detail: unknownToken }] }, { message: unknownToken }]) {
        server.injectFault({ request, times: 1, response: { status, body } });
        expect((await expectNoTokens()).visibleText).not.toContain('eyJxxx');
      }
    }
  },
);
