import Sequencer from '@jest/test-sequencer';

/** Files that start processes or run hundreds of steps. */
const SLOW =
  /[\\/](dist|faults|redaction|world)[\\/]|[\\/]sync[\\/](concurrency|cut-reports|faults)\.test\.ts$/;

/**
 * Runs the slowest files first, so that no worker is left alone with one of them at the end. Jest knows how long a file
 * took only where it ran before; in a new checkout it would go by the size of the files.
 */
export default class SlowestFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const isSlow = ({ path }) => SLOW.test(path);
    return [...sorted.filter(isSlow), ...sorted.filter((test) => !isSlow(test))];
  }
}
