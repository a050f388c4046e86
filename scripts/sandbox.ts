// Runs the sandbox until it is stopped, and prints how to reach it as outputs of a workflow step.
import { DatadogSandbox, PROJECT } from '../__tests__/support/datadog.ts';

const sandbox = await DatadogSandbox.start();
console.log(
  [
    `api_key=${DatadogSandbox.apiKey}`,
    `app_key=${DatadogSandbox.appKey}`,
    `project=${PROJECT.id}`,
    `url=${sandbox.url}`,
  ].join('\n'),
);
