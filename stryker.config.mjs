// Mutation testing: changes the sources in small ways and asks whether a test notices. Run it with npm run mutate.

// These tests inspect the checkout itself (dist, sizes, documents, git), which isn't complete while mutants are
// tested; or they run hundreds of steps, which takes too long for every mutant.
const EXCLUDED_TESTS = ['contract', 'dist', 'faults', 'redaction', 'release', 'world'];

// Options: https://stryker-mutator.io/docs/stryker-js/configuration/
export default {
  mutate: ['src/**/*.ts', '!src/main.ts'], // main.ts only runs as a process of its own.
  testRunner: 'mocha',
  testRunnerNodeArgs: ['--disable-warning=ExperimentalWarning'],
  // Mocha, because it keeps everything loaded from one mutant to the next.
  mochaOptions: {
    require: [`${import.meta.dirname}/mutation/jest-on-mocha.js`],
    spec: ['__tests__/**/*.test.ts'],
    ignore: EXCLUDED_TESTS.map((folder) => `__tests__/${folder}/**`),
  },
  coverageAnalysis: 'perTest',
  // Stryker would rewrite tsconfig.json with TypeScript's API, which TypeScript 7 doesn't have: name none.
  tsconfigFile: 'there-is-no-tsconfig.json',
  ignorePatterns: ['/bench', '/dist', '/docs', '/lib', '/mutation', '/reports'],
  // A mutant that runs while a module loads would need every test again.
  ignoreStatic: true,
  // What mutants leave behind, such as open connections, adds up.
  maxTestRunnerReuse: 200,
  thresholds: { high: 95, low: 85, break: 85 },
  reporters: ['progress', 'clear-text', 'html', 'json'],
  clearTextReporter: { allowEmojis: false, reportTests: false },
  htmlReporter: { fileName: 'reports/mutation/index.html' },
  jsonReporter: { fileName: 'reports/mutation/report.json' },
};
