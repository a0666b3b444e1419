// Asks on a terminal without showing what is typed or pasted.
import type { ReadStream } from 'node:tty';
import type { Io } from '../io.js';
import { Stop } from '../stop.js';

/** Ctrl-C and Ctrl-D end the command. */
export async function askSecretly({ stdin, stderr }: Io, prompt: string): Promise<string> {
  const terminal = stdin as unknown as ReadStream;
  stderr.write(prompt);
  terminal.setRawMode(true);
  terminal.setEncoding('utf8');
  let text = '';
  try {
    for await (const piece of terminal as AsyncIterable<string>) {
      for (const letter of piece) {
        if (letter === '\r' || letter === '\n') return text;
        if (letter === '\u0003' || letter === '\u0004') throw cancelled();
        // Backspace, as terminals send it.
        if (letter === '\u007F' || letter === '\b') text = text.slice(0, -1);
        else text += letter;
      }
    }
    return text;
  } finally {
    terminal.setRawMode(false);
    stderr.write('\n');
  }
}

function cancelled(): Stop {
  return new Stop({ exit: 'usage', code: 'cancelled', title: 'Cancelled', detail: 'Nothing was changed.' });
}
