import { beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DelegatedTokens } from '../support/fake-datadog/delegated-tokens.ts';
import { binaryText, hostileText } from '../support/hostile-text.ts';
import { allowKeylessSignIn, keylessInputs } from '../support/keyless-run.ts';
import { runStep, validInputs } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog, github } = useFakes();
beforeEach(() => {
  allowKeylessSignIn(datadog, github);
});

const text = fc.oneof(hostileText, binaryText, fc.emailAddress(), fc.uuid());
const CRASH = /TypeError|RangeError|URIError|\[object Object\]|undefined/;

test('any due_date and watchers result in a valid request or an error that names the input', async () => {
  const dueDates = fc.oneof(
    text,
    fc.tuple(fc.nat(99_999), fc.constantFrom('d', 'w')).map(([count, unit]) => `${count}${unit}`),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10)),
  );
  const watchers = fc.array(text, { maxLength: 4 }).map((items) => items.join(','));
  await fc.assert(
    fc.asyncProperty(dueDates, watchers, async (due_date, watchers) => {
      const core = await runStep({ inputs: { ...validInputs(datadog), due_date, watchers } });
      expect(core.visibleText).not.toMatch(CRASH);
      if (core.outputs.outcome === 'failed') expect(core.messages('error')).toMatch(/due_date|watchers/);
      else expect(core.outputs.outcome).toBe('created');
      // The fakes answer a malformed request with one of these.
      expect(core.visibleText).not.toMatch(/Bad Request|must be a date|route not found/);
    }),
    { numRuns: 150 },
  );
});

test('any org_uuid and oidc_audience result in a checked request or an error that names the input', async () => {
  const uuids = fc.oneof(
    text,
    fc.constantFrom(DelegatedTokens.orgUuid, DelegatedTokens.orgUuid.toUpperCase()),
  );
  await fc.assert(
    fc.asyncProperty(uuids, text, async (org_uuid, oidc_audience) => {
      fc.pre(org_uuid.trim() !== '');
      github.requests.length = 0;
      const inputs = { ...keylessInputs(datadog), org_uuid, oidc_audience };
      const core = await runStep({ inputs, env: github.env() });
      expect(core.visibleText).not.toMatch(CRASH);
      for (const { query } of github.requests) {
        expect(query.get('api-version')).toBe('2.0');
        expect(query.get('audience')).toMatch(/^[\x21-\x7e]{1,200}$/);
        expect([...query]).toHaveLength(2);
      }
      if (core.outputs.outcome === 'failed') expect(core.messages('error')).toMatch(/org_uuid|oidc_audience/);
      else expect(core.outputs.outcome).toBe('created');
    }),
    { numRuns: 150 },
  );
});
