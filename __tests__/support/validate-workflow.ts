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

const OWN_ACTION = /^(?:OWNER\/REPO@v1|\.\/)$/;

/** The errors that GitHub's own validator finds in a workflow or action file, and names that action.yml does not have. */
export async function validateWorkflow(name: string, text: string): Promise<string[]> {
  const action = parse(await readFile('action.yml', 'utf8')) as ActionFile;
  const diagnostics = await validate(TextDocument.create(`file:///${name}`, 'yaml', 1, text), {
    actionsMetadataProvider: {
      // The metadata of other actions is not available offline.
      fetchActionMetadata: async ({ owner, name: repository }) =>
        owner === 'OWNER' && repository === 'REPO' ? action : { name: repository, description: '' },
    },
  });
  return [
    ...diagnostics.map(({ message }) => (typeof message === 'string' ? message : message.value)),
    ...findUnknownNames(text, action),
  ];
}

/** Unknown outputs, and unknown inputs of local uses, which the validator does not check. */
function findUnknownNames(text: string, action: ActionFile): string[] {
  const { jobs = {} } = parse(text) as Workflow;
  const steps = Object.values(jobs).flatMap((job) => job.steps ?? []);
  const ownSteps = steps.filter(({ uses }) => OWN_ACTION.test(uses ?? ''));
  const localInputs = ownSteps
    .filter(({ uses }) => uses === './')
    .flatMap((step) => Object.keys((step as { with?: object }).with ?? {}));
  const usedOutputs = [...text.matchAll(/steps\.([\w-]+)\.outputs\.([\w-]+)/g)];
  return [
    ...localInputs
      .filter((input) => !(input in action.inputs))
      .map((input) => `Invalid action input '${input}'`),
    ...usedOutputs.flatMap(([, id, output = '']) =>
      ownSteps.some((step) => step.id === id) && !(output in action.outputs)
        ? [`Unknown output ${output} of ${id}`]
        : [],
    ),
  ];
}
