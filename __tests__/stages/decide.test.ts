import { expect, test } from '@jest/globals';
import { decideOperation } from '../../src/stages/decide.ts';

const DEFAULTS = { shouldClose: true, onCancelled: 'ignore', canClose: true } as const;

test.each([
  ['failure', DEFAULTS, 'open'],
  ['success', DEFAULTS, 'close'],
  ['success', { ...DEFAULTS, shouldClose: false }, 'none'],
  ['success', { ...DEFAULTS, canClose: false }, 'none'],
  ['cancelled', DEFAULTS, 'none'],
  ['cancelled', { ...DEFAULTS, onCancelled: 'open' }, 'open'],
  ['', DEFAULTS, 'none'],
  ['skipped', DEFAULTS, 'none'],
] as const)('the job status "%s" with %j leads to %s', (jobStatus, options, operation) => {
  expect(decideOperation([jobStatus], options)).toMatchObject({ operation });
});
