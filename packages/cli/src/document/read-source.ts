// A document as it was written: from a file, or from standard input (`-`).
import { open } from 'node:fs/promises';
import type { RawBody } from '@sluice/api-client';
import type { Argument, Option } from '../command.js';
import { readAll, type Io } from '../io.js';
import { usage } from '../stop.js';

export interface Source {
  /** What messages call it. */
  readonly name: string;
  readonly text: string;
  readonly contentType: 'application/yaml' | 'application/json';
}

export const sourceArgument: Argument = {
  name: 'file',
  about: 'the document, YAML or JSON; `-` is standard input, sluice.yaml is meant without it',
  isRequired: false,
  isFile: true,
};

/** Of the commands that can be about a part of an environment. */
export const tagOption: Option = {
  name: 'tag',
  value: 'list',
  about: 'only what carries all of these tags, with commas between; without it what the document says',
};

const defaultFile = 'sluice.yaml';

export async function readSource(io: Io, file: string = defaultFile): Promise<Source> {
  const text = file === '-' ? await readAll(io) : await readText(file);
  const isJson = file === '-' ? text.trimStart().startsWith('{') : file.endsWith('.json');
  return {
    name: file === '-' ? 'stdin' : file,
    text,
    contentType: isJson ? 'application/json' : 'application/yaml',
  };
}

export function rawBody({ text, contentType }: Source): RawBody<Source['contentType']> {
  return { text, contentType };
}

const whyUnread: Readonly<Record<string, string>> = {
  ENOENT: 'There is no such file',
  EISDIR: 'This is a folder',
  EACCES: 'You may not read this file',
};

async function readText(file: string): Promise<string> {
  try {
    await using handle = await open(file);
    return await handle.readFile('utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw usage(
      `${whyUnread[code] ?? `This file cannot be read (${code})`}: ${file}. Name a file, or - for standard input.`,
    );
  }
}
