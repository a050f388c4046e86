/** @type {import('jest').Config} */
export default {
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': '<rootDir>/__tests__/support/strip-types.ts',
    '@actions/(languageservice|workflow-parser)/.*\\.js$': '<rootDir>/__tests__/support/json-imports.ts',
  },
  transformIgnorePatterns: ['/node_modules/(?!@actions/(languageservice|workflow-parser)/)'],
  // jest would leave one core to itself, and with two run everything in one process.
  maxWorkers: '100%',
  testTimeout: 30_000,
};
