import { availableParallelism } from 'node:os';

/** @type {import('jest').Config} */
export default {
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': '<rootDir>/__tests__/support/strip-types.ts',
    '@actions/(languageservice|workflow-parser)/.*\\.js$': '<rootDir>/__tests__/support/json-imports.ts',
  },
  transformIgnorePatterns: ['/node_modules/(?!@actions/(languageservice|workflow-parser)/)'],
  testSequencer: '<rootDir>/__tests__/support/slowest-first.js',
  // More workers than cores, because many tests wait for a process. Jest would leave one core to itself, and takes more
  // than 100% for a number of workers.
  maxWorkers: availableParallelism() * 2,
  testTimeout: 30_000,
};
