import { expect, test } from '@jest/globals';
import { fetchWatchers } from '../../src/datadog/watchers.ts';
import { createDatadogClient } from '../support/case-context.ts';
import { ACTIVE_USER } from '../support/fake-datadog/catalog.ts';
import { TestClock } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog } = useFakes();

test('finds each user once, by address or UUID', async () => {
  const { found, issues } = await fetchWatchers(createDatadogClient(datadog, new TestClock()), [
    ACTIVE_USER.email,
    ACTIVE_USER.id,
    'late@acme.example',
  ]);
  expect(found.map(({ label }) => label)).toEqual([ACTIVE_USER.email, 'late@acme.example']);
  expect(issues).toEqual([]);
});

test('names everyone who cannot be found, and finds the others', async () => {
  const { found, issues } = await fetchWatchers(createDatadogClient(datadog, new TestClock()), [
    'nobody@acme.example',
    ACTIVE_USER.email,
    'gone@acme.example',
  ]);
  expect(found.map(({ id }) => id)).toEqual([ACTIVE_USER.id]);
  expect(issues).toMatchObject([
    { input: 'watchers', text: 'No Datadog user with e-mail address "nobody@acme.example" found.' },
    { input: 'watchers', text: 'User "gone@acme.example" is disabled in Datadog.' },
  ]);
});

test('never throws, and names the missing permission', async () => {
  datadog.injectFault({
    request: 'GET /api/v2/users',
    response: { status: 403, body: { errors: ['Forbidden'] } },
  });
  const { found, issues } = await fetchWatchers(createDatadogClient(datadog, new TestClock()), [
    ACTIVE_USER.email,
  ]);
  expect(found).toEqual([]);
  expect(issues).toMatchObject([{ input: 'watchers', text: expect.stringContaining('user_access_read') }]);
});
