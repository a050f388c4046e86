// Prints the table of docs/faults.md: the outcome of every fault of every request of every scenario.
import {
  FAULT_KINDS,
  type FaultResult,
  listRequests,
  runWithFault,
  SCENARIOS,
  type Scenario,
} from '../../__tests__/faults/trial.ts';

/** The outcomes of all faults, temporary and permanent, in Markdown. */
export async function renderFaultTable(): Promise<string> {
  const sections: string[] = [];
  for (const scenario of SCENARIOS) sections.push(await renderScenario(scenario));
  return sections.join('\n');
}

async function renderScenario(scenario: Scenario): Promise<string> {
  const rows: string[] = [];
  for (const { name, failOnce, failAlways } of await listRequests(scenario)) {
    const kindsByOutcome = new Map<string, string[]>();
    for (const kind of FAULT_KINDS) {
      const once = describe(await runWithFault(scenario, failOnce(kind)));
      const always = describe(await runWithFault(scenario, failAlways(kind)));
      const outcome = `${once} | ${always}`;
      kindsByOutcome.set(outcome, [...(kindsByOutcome.get(outcome) ?? []), kind.name]);
    }
    for (const [outcome, kinds] of kindsByOutcome)
      rows.push(`| ${name} | ${kinds.join('; ')} | ${outcome} |`);
  }
  const heading = `### ${scenario.name[0]?.toUpperCase()}${scenario.name.slice(1)}`;
  const head = '| request | what goes wrong | once | each time |\n|---|---|---|---|';
  return `${heading}\n\n${head}\n${rows.join('\n')}\n`;
}

function describe({ outcome, hasFailed, warnings, duplicateCount, openIds, error }: FaultResult): string {
  if (hasFailed) return `error${error.includes('may have been created') ? ', the case may exist' : ''}`;
  return [
    outcome,
    ...(warnings ? ['warned'] : []),
    ...(duplicateCount ? ['duplicate closed'] : []),
    ...(openIds.length > 1 ? ['a second case'] : []),
  ].join(', ');
}
