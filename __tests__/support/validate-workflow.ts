import { readFile } from 'node:fs/promises';
import { validate } from '@actions/languageservice';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { parse } from 'yaml';

interface ActionFile {
  readonly name: string;
  readonly description: string;
  readonly inputs: Record<string, { description: string; required?: boolean; default?: string }>;
  readonly outputs?: Record<string, { description: string }>;
}
interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Workflow {
  readonly jobs?: Record<string, { readonly steps?: readonly Step[] }>;
}

const OWN_ACTION = /^(?:OWNER\/REPO(?:\/(watch|sync))?@v1|[.$]\/(watch|sync)?)$/;

async function readActionFile(path: string): Promise<ActionFile> {
  return parse(await readFile(path, 'utf8')) as ActionFile;
}

let documentCount = 0;

/** The errors that GitHub's own validator finds in a workflow or action file, and names that our actions don't have. */
export async function validateWorkflow(name: string, text: string): Promise<string[]> {
  const paths = ['action.yml', 'watch/action.yml', 'sync/action.yml'];
  const [action, watchAction, syncAction] = await Promise.all(paths.map(readActionFile));
  const findAction = (uses = '') => {
    const [isOwn, ...folders] = OWN_ACTION.exec(uses) ?? [];
    if (!isOwn) return undefined;
    const folder = folders.find((part) => part);
    return folder === 'watch' ? watchAction : folder === 'sync' ? syncAction : action;
  };
  documentCount += 1; // The validator caches what it parses by path.
  const document = TextDocument.create(`file:///${documentCount}/${name}`, 'yaml', 1, text);
  const diagnostics = await validate(document, {
    actionsMetadataProvider: {
      // The metadata of other actions is not available offline.
      fetchActionMetadata: async ({ owner, name: repository, ref, path }) =>
        findAction(`${owner}/${repository}${path ? `/${path}` : ''}@${ref}`) ?? {
          name: repository,
          description: '',
        },
    },
  });
  return [
    ...diagnostics.map(({ message }) => (typeof message === 'string' ? message : message.value)),
    ...findUnknownNames(text, findAction),
  ];
}

/** Unknown outputs, and unknown inputs of local uses, which the validator does not check. */
function findUnknownNames(text: string, findAction: (uses?: string) => ActionFile | undefined): string[] {
  const { jobs = {} } = parse(text) as Workflow;
  const steps = Object.values(jobs).flatMap((job) => job.steps ?? []);
  const ownSteps = steps.flatMap((step) => {
    const action = findAction(step.uses);
    return action ? [{ ...step, action }] : [];
  });
  const unknownInputs = ownSteps
    .filter(({ uses }) => /^[.$]\//.test(uses ?? ''))
    .flatMap(({ with: inputs = {}, action }) =>
      Object.keys(inputs).filter((input) => !(input in action.inputs)),
    );
  const usedOutputs = [...text.matchAll(/steps\.([\w-]+)\.outputs\.([\w-]+)/g)];
  return [
    ...unknownInputs.map((input) => `Invalid action input '${input}'`),
    ...usedOutputs.flatMap(([, id, output = '']) =>
      ownSteps.some((step) => step.id === id && !(output in (step.action.outputs ?? {})))
        ? [`Unknown output ${output} of ${id}`]
        : [],
    ),
  ];
}
