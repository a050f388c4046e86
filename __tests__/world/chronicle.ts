import { CaseStore } from './case-store.ts';
import type { Service } from './history.ts';
import { Random } from './random.ts';
import type { Change, StepRecord, StoryLine } from './record.ts';
import { Schedule } from './schedule.ts';
import { tellChange } from './story.ts';

/** The time and the cases of a world, and a record of what happens there. */
export class Chronicle {
  readonly schedule = new Schedule();
  readonly changes: Change[] = [];
  readonly story: StoryLine[] = [];
  readonly store: CaseStore;

  constructor(service: Service) {
    this.store = new CaseStore({
      service,
      now: () => this.schedule.time,
      uuid: new Random(1).uuid,
      onChange: (change) => {
        this.changes.push(change);
        const record = this.store.record().find(({ id }) => id === change.id);
        this.tell(tellChange(change, record));
      },
    });
  }

  tell(text: string): void {
    this.story.push({ at: this.schedule.time, text });
  }

  /** Tells how a step of this name ended, and what it said. */
  tellEnd(name: string, { endedAt, hasFailed, outputs, errors, warnings, notices }: StepRecord): void {
    const how = endedAt === undefined ? 'is stopped' : `ends${hasFailed ? ' with an error' : ''}`;
    const outcome = outputs.outcome ? ` (${outputs.outcome})` : '';
    const messages = [...errors, ...warnings, ...notices].map(
      (text) => `\n               says: ${text.replaceAll('\n', ' ').slice(0, 300)}`,
    );
    this.tell(`${name} ${how}${outcome}${messages.join('')}`);
  }
}
