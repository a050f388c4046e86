import { mkdirSync, mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REPORT_FOLDER, type Workspace } from './reports.ts';

/** A folder for the workspaces of all steps of a history: time stands still while one of them reads it. */
export class WorkspaceFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'world-'));
  #files: Workspace = {};

  constructor() {
    mkdirSync(join(this.path, REPORT_FOLDER));
  }

  /** Writes the files of a workspace, in place of those of the one before. */
  fill(files: Workspace): void {
    for (const name of Object.keys(this.#files))
      if (files[name] === undefined) unlinkSync(join(this.path, name));
    for (const [name, text] of Object.entries(files))
      if (this.#files[name] !== text) writeFileSync(join(this.path, name), text);
    this.#files = files;
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}
