import { applyStatus } from './case-changes.ts';
import { type CaseStore, latest, OTHER_PROJECT, PROJECT } from './case-store.ts';
import type { PersonEvent } from './history.ts';
import type { WorldRecord } from './record.ts';

/** Does what a person does with a case. Returns the notes that they wrote. */
export function actAs({ does, which }: PersonEvent, store: CaseStore, at: number): WorldRecord['notes'] {
  const cases = store.cases.filter(
    (stored) => stored.by !== 'somebody' && latest(stored).projectId === PROJECT.id,
  );
  const stored = cases.at(-1 - (which % Math.max(1, cases.length)));
  if (!stored) return [];
  const { description, isArchived } = latest(stored);
  const text = `A person's note at ${at}.`;
  switch (does) {
    case 'closes':
      applyStatus(store, stored, { group: 'CLOSED', statusName: 'Closed', by: 'somebody' });
      return [];
    case 'reopens':
      applyStatus(store, stored, { group: 'OPEN', statusName: 'Open', by: 'somebody' });
      return [];
    case 'archives':
      if (!isArchived) store.change(stored, 'archived', 'somebody', { isArchived: true });
      return [];
    case 'moves':
      store.change(stored, 'moved', 'somebody', { projectId: OTHER_PROJECT.id });
      return [];
    case 'copies':
      copyReference(store, description);
      return [];
    default: {
      const texts = does === 'writes above' ? [text, description] : [description, text];
      const written = texts.join('\n\n');
      // Where people write, they see that their text doesn't fit.
      if (!store.doesFit(written)) return [];
      store.change(stored, 'described', 'somebody', { description: written });
      return [{ at, id: stored.id, text }];
    }
  }
}

/** Opens a case about something else that quotes the line by which another one is found. */
function copyReference(store: CaseStore, description: string): void {
  const line = description.split('\n').find((text) => text.startsWith('Reference:')) ?? '';
  store.store('somebody', {
    title: 'About something else',
    description: `Compare with the other case:\n\n${line}\n\nThis one is about the network.`,
    projectId: PROJECT.id,
    typeId: '00000000-0000-0000-0000-000000000001',
    statusName: 'Open',
  });
}
