// The corpus, by what is tried.
import type { WireCase } from '../wire-case.js';
import { bodies } from './bodies.js';
import { chunks } from './chunks.js';
import { connections } from './connections.js';
import { fields } from './fields.js';
import { framing } from './framing.js';
import { paths } from './paths.js';
import { requestLine } from './request-line.js';

export const cases: Readonly<Record<string, readonly WireCase[]>> = {
  'request lines': requestLine,
  fields,
  paths,
  framing,
  chunks,
  bodies,
  connections,
};
