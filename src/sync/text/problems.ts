import { codeSpan } from '../../base/markdown.ts';
import type { Format } from '../read/format.ts';
import type { SyncProblem } from '../result.ts';
import { countCases } from './words.ts';

const MIB = 1024 * 1024;
/** The most problems that a summary lists. */
const MAX_LISTED = 20;
const FORMAT_NAMES: Readonly<Record<Format, string>> = {
  sarif: 'SARIF log',
  junit: 'JUnit report',
  json: 'JSON list',
};

/** A sentence in Markdown for each problem, at most `MAX_LISTED`, and how many are not shown. */
export function describeProblems(problems: readonly SyncProblem[]): string[] {
  const sentences = [...new Set(problems.map(describeProblem))];
  const hidden = sentences.length - MAX_LISTED;
  return hidden > 0 ? [...sentences.slice(0, MAX_LISTED), `and ${hidden} more reasons`] : sentences;
}

/** Says in a sentence why the report may not be complete, with names from files as text. */
function describeProblem(problem: SyncProblem): string {
  switch (problem.kind) {
    case 'no-match':
      return `No file matches ${codeSpan(problem.pattern)} (\`files\`).`;
    case 'too-many-files':
      return `The patterns match ${problem.count} files; only ${problem.max} were read.`;
    case 'file-not-read':
      return `${listCases(problem.cases)} came from a file that was not read this time. If it has another name now, close the case by hand.`;
    case 'tool-missing':
      return `${countCases(problem.count)} of tools that are not in this report ${problem.count === 1 ? 'stays as it is' : 'stay as they are'}.`;
    case 'search-incomplete':
      return 'There are more cases of this report than the search returns.';
    case 'too-many-closed':
      return `${countCases(problem.count)} would be closed, more than \`max_closed: ${problem.max}\` allows. That looks like a broken report. If it is right, set \`max_closed: ${problem.count}\` for one run.`;
    case 'unclear-inputs':
      return `${problem.names.map((name) => `\`${name}\``).join(', ')} ${problem.names.length > 1 ? 'are' : 'is'} not valid.`;
    case 'out-of-time':
      return `The time ran out: ${countChanges(problem.count)} left to the next run. Raise \`timeout\`.`;
    default:
      return `${codeSpan(problem.file)} ${describeFileProblem(problem)}.`;
  }
}

type FileProblem = Extract<SyncProblem, { file: string }>;

function describeFileProblem(problem: FileProblem): string {
  switch (problem.kind) {
    case 'empty':
      return 'is empty';
    case 'too-large':
      return `is too large (${(problem.bytes / MIB).toFixed(1)} MiB; at most ${problem.maxBytes / MIB} MiB)`;
    case 'too-large-together':
      return `was not read, because all files together may have at most ${problem.maxBytes / MIB} MiB`;
    case 'unreadable':
      return problem.detail;
    case 'malformed':
      return `is not a complete ${FORMAT_NAMES[problem.format]}: ${codeSpan(problem.detail)}`;
    case 'unshown-failures':
      return `counts errors or failures${problem.suite && ` in the suite ${codeSpan(problem.suite)}`}, but shows none`;
    case 'unknown-format':
      return 'is neither SARIF nor JUnit nor JSON';
    case 'other-json':
      return 'is JSON in another format: convert it to a list such as `[{"key": "…", "title": "…"}]`';
    case 'other-format':
      return `is not a ${FORMAT_NAMES[problem.expected]}`;
    case 'old-sarif':
      return `is in SARIF ${codeSpan(problem.version, 40)}, which is not read: set the tool to write SARIF 2.1.0 (for .NET, \`dotnet build -p:ErrorLog=build.sarif%2Cversion=2.1\`)`;
    case 'no-runs':
      return 'has no `runs`';
    case 'no-results':
      return `has no \`results\` for ${codeSpan(problem.tool)}`;
    case 'external-results':
      return `keeps the results of ${codeSpan(problem.tool)} in another file`;
    case 'execution-failed':
      return `says that ${codeSpan(problem.tool)} failed (\`executionSuccessful: false\`)`;
    case 'error-notification':
      return `holds an error of ${codeSpan(problem.tool)}`;
    case 'malformed-entry':
      return `has an entry that can't be read (number ${problem.position})`;
    case 'not-marked-complete':
      return 'does not end with `{"complete": true}`';
    default:
      return problem satisfies never;
  }
}

function countChanges(count: number): string {
  return count === 1 ? '1 change is' : `${count} changes are`;
}

function listCases(cases: readonly { readonly label: string }[]): string {
  const names = cases.slice(0, 5).map(({ label }) => codeSpan(label));
  return names.join(', ') + (cases.length > 5 ? ` and ${cases.length - 5} more` : '');
}
