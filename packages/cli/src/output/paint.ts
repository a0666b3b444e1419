// Colours, where they are seen: on a terminal, unless NO_COLOR is set (no-color.org) or the terminal is dumb.
import { styleText } from 'node:util';
import type { Io } from '../io.js';

export type Paint = (style: Parameters<typeof styleText>[0], text: string) => string;

export function paintFor({ env }: Io, stream: { readonly isTTY?: boolean }): Paint {
  const isPlain =
    (env['NO_COLOR'] ?? '') !== '' ||
    env['TERM'] === 'dumb' ||
    (stream.isTTY !== true && !isForced(env['FORCE_COLOR']));
  return isPlain ? (_, text) => text : (style, text) => styleText(style, text, { validateStream: false });
}

function isForced(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0';
}
