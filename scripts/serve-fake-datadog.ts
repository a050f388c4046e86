// Runs the fake Datadog until it is stopped, and prints its URL and keys as outputs of a workflow step.
import { PROJECT } from '../__tests__/support/fake-datadog/catalog.ts';
import { FakeDatadog } from '../__tests__/support/fake-datadog.ts';

const datadog = await FakeDatadog.start();
console.log(
  [
    `api_key=${FakeDatadog.apiKey}`,
    `app_key=${FakeDatadog.appKey}`,
    `project=${PROJECT.id}`,
    `url=${datadog.url}`,
  ].join('\n'),
);
