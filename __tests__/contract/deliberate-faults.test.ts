import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { DELIBERATE_FAULTS } from '../../scripts/simulate/deliberate-faults.ts';

test.each(DELIBERATE_FAULTS)(
  'the sources contain once what the fault "$name" changes',
  ({ file, text, replacement }) => {
    expect(readFileSync(`src/${file}`, 'utf8').split(text)).toHaveLength(2);
    expect(replacement).not.toBe(text);
  },
);
