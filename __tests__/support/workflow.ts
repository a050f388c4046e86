import { readFile } from 'node:fs/promises';
import { validate } from '@actions/languageservice';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { parse } from 'yaml';

interface ActionFile {
  readonly name: string;
  readonly description: string;
  readonly inputs: Record<string, { description: string; required?: boolean; default?: string }>;
  readonly outputs: Record<string, { description: string }>;
}
interface Step {
  readonly id?: string;
  readonly uses?: string;
}
interface Workflow {
  readonly jobs?: Record<string, { readonly steps?: readonly Step[] }>;
}

const OURS = /^(?:OWNER\/REPO@v1|\.\/)$/;

/** What GitHub's own checker says of a workflow or action file, this action's inputs and outputs included. */
export async function checkWorkflow(name: string, text: string): Promise<string[]> {
  const action = parse(await readFile('action.yml', 'utf8')) as ActionFile;
  const found = await validate(TextDocument.create(`file:///${name}`, 'yaml', 1, text), {
    actionsMetadataProvider: {
      // Of other actions nothing can be known offline.
      fetchActionMetadata: async ({ owner, name: repository }) =>
        owner === 'OWNER' && repository === 'REPO' ? action : { name: repository, description: '' },
    },
  });
  return [
    ...found.map(({ message }) => (typeof message === 'string' ? message : message.value)),
    ...wrongNames(text, action),
  ];
}

/** Names of outputs, and of inputs where the action is local, that action.yml does not have. */
function wrongNames(text: string, action: ActionFile): string[] {
  const { jobs = {} } = parse(text) as Workflow;
  const steps = Object.values(jobs).flatMap((job) => job.steps ?? []);
  const ours = steps.filter(({ uses }) => OURS.test(uses ?? ''));
  const local = ours
    .filter(({ uses }) => uses === './')
    .flatMap((step) => Object.keys((step as { with?: object }).with ?? {}));
  const used = [...text.matchAll(/steps\.([\w-]+)\.outputs\.([\w-]+)/g)];
  return [
    ...local.filter((input) => !(input in action.inputs)).map((input) => `Invalid action input '${input}'`),
    ...used.flatMap(([, id, output = '']) =>
      ours.some((step) => step.id === id) && !(output in action.outputs)
        ? [`Unknown output ${output} of ${id}`]
        : [],
    ),
  ];
}
