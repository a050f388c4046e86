import { describe, expect, test } from '@jest/globals';
import { useFakes } from '../support/use-fakes.ts';
import { result, sarif } from './reports.ts';
import { briefly, runSync } from './run-sync.ts';

// What goes wrong once the status of a case is changed.

const fakes = useFakes();
const { datadog } = fakes;

describe('a case', () => {
  const found = () => runSync(fakes, { 'a.sarif': sarif([result({ rule: 'xss' })]) });
  const gone = () => runSync(fakes, { 'a.sarif': sarif([]) });
  const FULL = { status: 400, body: { errors: ['description is too long'] } };

  test('that was reopened is not called failed because its description is refused', async () => {
    await found();
    await gone();
    datadog.injectFault({ request: 'POST .*/description$', response: FULL });
    const core = await found();
    expect(briefly(core)).toBe('partial reopened=1 open=1');
    expect(core.messages('warning')).toMatch(
      /^OPS-1 was reopened, but its description could not be updated\. .*too long/m,
    );
  });

  test('that was closed is not called failed because its description is refused', async () => {
    await found();
    datadog.beforeResponse = ({ path }) => {
      const { attributes } = datadog.cases[0] ?? {};
      if (!attributes || !path.endsWith('/status')) return;
      // As if another run had written it meanwhile.
      attributes.description = attributes.description.replace(/ gone$/, '');
      datadog.injectFault({ request: 'POST .*/description$', response: FULL });
    };
    const core = await gone();
    expect(briefly(core)).toBe('partial closed=1');
    expect(core.messages('warning')).toMatch(
      /^OPS-1 was closed, but its description could not be updated\. /m,
    );
  });
});
