// A difference between two documents, object by object, as people read it.
import type { Schemas } from '@sluice/api-client';
import { printable, type Io } from '../io.js';
import { paintFor } from './paint.js';

type Change = Schemas['ObjectChange'];

const marks = { added: '+', changed: '~', removed: '-' } as const;
const styles = { added: 'green', changed: 'yellow', removed: 'red' } as const;

export function diffText(io: Io, changes: readonly Change[]): string {
  const paint = paintFor(io, io.stdout);
  if (changes.length === 0) return 'No differences.\n';
  const lines = changes.flatMap(({ change, kind, name, fields }) => [
    paint(styles[change], `${marks[change]} ${kind} ${printable(name)}`),
    ...fields.map((field) => {
      const values = [
        ...(field.change === 'added' ? [] : [shown(field.before)]),
        ...(field.change === 'removed' ? [] : [shown(field.after)]),
      ];
      return `    ${paint(styles[field.change], marks[field.change])} ${printable(field.pointer)}: ${values.join(' -> ')}`;
    }),
  ]);
  const count = (wanted: Change['change']): number => changes.filter(({ change }) => change === wanted).length;
  return `${lines.join('\n')}\n${count('added')} added, ${count('changed')} changed, ${count('removed')} removed\n`;
}

function shown(value: unknown): string {
  return printable(JSON.stringify(value) ?? 'nothing');
}
