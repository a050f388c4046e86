/** What the runner reads from a file when the step has ended. */
type FileContent = 'outputs' | 'summary';

/** Codes of errors that mean that the step's user may not write. */
const PERMISSION_CODES: readonly unknown[] = ['EACCES', 'EPERM', 'EROFS'];

/** Collects what could not be written, so that one cause becomes one warning. */
export class UnwrittenFiles {
  readonly #byCause = new Map<string, { readonly error: unknown; readonly contents: Set<FileContent> }>();

  /** Remembers that a file could not be written, and why. */
  add(content: FileContent, error: unknown): void {
    const cause = String(readCode(error) ?? readMessage(error));
    const known = this.#byCause.get(cause);
    if (known) known.contents.add(content);
    else this.#byCause.set(cause, { error, contents: new Set([content]) });
  }

  /** A warning for each cause, in whole sentences. */
  describe(): string[] {
    return [...this.#byCause.values()].map(({ error, contents }) => {
      const what = [...contents].join(' and the ');
      const advice = PERMISSION_CODES.includes(readCode(error))
        ? ' If the job runs in a container as another user than root, let that user write to the folder of GITHUB_OUTPUT, or set the option --user root.'
        : '';
      return `Could not write the ${what} of this step: ${readMessage(error)}.${advice}`;
    });
  }
}

function readCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function readMessage(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
}
