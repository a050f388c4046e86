/** @type {import('jest').Config} */
export default {
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
    '@actions/(languageservice|workflow-parser)/.*\\.js$': '<rootDir>/__tests__/support/json-imports.ts',
  },
  transformIgnorePatterns: ['/node_modules/(?!@actions/(languageservice|workflow-parser)/)'],
  // jest would leave one core to itself, and with two run everything in one process.
  maxWorkers: '100%',
  testTimeout: 30_000,
};
