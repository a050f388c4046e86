import { execFileSync } from 'node:child_process';
import { test } from '@jest/globals';

/** A test that needs a named pipe or a device, which Windows doesn't have as files. */
export const testOnUnix = process.platform === 'win32' ? test.skip : test;

/** Creates a named pipe. Whoever opens it waits until somebody writes. */
export function createPipe(path: string): void {
  execFileSync('mkfifo', [path]);
}
