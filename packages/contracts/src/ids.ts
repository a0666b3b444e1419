// Ids: a prefix that says what the thing is, and a UUIDv7 (RFC 9562, section 5.7) in 32 hex digits,
// so that ids sort by the time they were made and a double click selects the whole.
import { z } from 'zod';

export const idPrefixes = {
  tenant: 'ten',
  environment: 'env',
  hostClaim: 'hst',
  identity: 'idn',
  member: 'mem',
  personalToken: 'pat',
  serviceAccount: 'svc',
  serviceToken: 'sat',
  api: 'api',
  upstream: 'ups',
  secret: 'sec',
  route: 'rt',
  plan: 'pln',
  developer: 'dev',
  application: 'app',
  subscription: 'sub',
  credential: 'key',
  tryCredential: 'try',
  revision: 'rev',
  request: 'req',
  auditEntry: 'aud',
  purge: 'pur',
  erasure: 'ers',
  fleet: 'flt',
  registrationToken: 'frt',
  gateway: 'gw',
  boot: 'boot',
} as const;

export type IdKind = keyof typeof idPrefixes;

/** A new id of a kind: `ten_0192f3...`. `nowMs` and `random` (10 bytes or more) can be given, for tests. */
export function newId(kind: IdKind, nowMs = Date.now(), random?: Uint8Array): string {
  return `${idPrefixes[kind]}_${uuidv7Hex(nowMs, random)}`;
}

/** UUIDv7 as 32 hex digits: 48 bits of Unix milliseconds, then version, variant and 74 random bits. */
export function uuidv7Hex(nowMs = Date.now(), random?: Uint8Array): string {
  if (nowMs !== lastMs) {
    lastMs = nowMs;
    lastMsHex = nowMs.toString(16).padStart(12, '0');
  }
  if (random !== undefined) return lastMsHex + tailOf(random, 0);
  if (poolAt === pool.length) {
    crypto.getRandomValues(pool);
    poolAt = 0;
  }
  poolAt += randomBytes;
  return lastMsHex + tailOf(pool, poolAt - randomBytes);
}

// A gateway makes an id for each request: asking for randomness by the ten bytes took 3 % of its CPU.
const randomBytes = 10;
const pool = new Uint8Array(400 * randomBytes);
let poolAt = pool.length;
let lastMs = -1;
let lastMsHex = '';
const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function tailOf(random: Uint8Array, from: number): string {
  let tail = '';
  for (let index = 0; index < randomBytes; index += 1) {
    let byte = random[from + index] ?? 0;
    if (index === 0) byte = 0x70 | (byte & 0x0f);
    if (index === 2) byte = 0x80 | (byte & 0x3f);
    tail += hexOfByte[byte] ?? '';
  }
  return tail;
}

/** The schema of an id of one kind. */
export function idSchema<K extends IdKind>(kind: K): z.ZodString {
  const prefix = idPrefixes[kind];
  return z
    .string()
    .regex(new RegExp(`^${prefix}_[0-9a-f]{32}$`), `write an id that looks like ${prefix}_ and 32 hex digits`)
    .meta({ examples: [`${prefix}_0192f3a4b5c67d8e9fa0b1c2d3e4f506`] });
}

/** The UUID inside an id, with dashes: what ClickHouse's UUID column takes. */
export function uuidOf(id: string): string {
  const hex = id.slice(id.indexOf('_') + 1);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The time, in Unix milliseconds, at which an id was made. */
export function timeOfId(id: string): number {
  return Number.parseInt(id.slice(id.indexOf('_') + 1).slice(0, 12), 16);
}
