// Opens one case with Datadog's official client, as a step that uses it would.
import * as core from '@actions/core';
// Not from the package's root, which would bring the first version of every API along.
import * as client from '@datadog/datadog-api-client/dist/packages/datadog-api-client-common/index.js';
import * as v2 from '@datadog/datadog-api-client/dist/packages/datadog-api-client-v2/index.js';

const { BENCH_URL, BENCH_API_KEY, BENCH_APP_KEY, BENCH_PROJECT, BENCH_TITLE, BENCH_TYPE } = process.env;

const configuration = client.createConfiguration({
  baseServer: new client.BaseServerConfiguration(BENCH_URL, {}),
  authMethods: { apiKeyAuth: BENCH_API_KEY, appKeyAuth: BENCH_APP_KEY },
});
const { data } = await new v2.CaseManagementApi(configuration).createCase({
  body: {
    data: {
      type: 'case',
      attributes: { title: BENCH_TITLE, typeId: BENCH_TYPE, priority: 'NOT_DEFINED' },
      relationships: { project: { data: { id: BENCH_PROJECT, type: 'project' } } },
    },
  },
});
core.setOutput('case_id', data.id);
core.setOutput('case_key', data.attributes.key);
