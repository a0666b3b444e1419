// The shapes of names that people choose.
import { z } from 'zod';

// Words that are routes of the console or subdomains of the platform, and so can be nobody's slug.
export const reservedSlugs = [
  'operator',
  'go',
  'sign-in',
  'sign-up',
  'verify',
  'invite',
  'reset',
  'two-factor',
  'sites',
  'api',
  'v1',
  'account',
  'p',
  'www',
  'console',
  'portal',
  'admin',
  'localhost',
  'healthz',
  'metrics',
  'new',
  'start',
] as const;

/** A tenant's or API's slug: part of a host name, so a DNS label without `--` (RFC 1123; `--` separates environment and tenant). */
export const slugSchema = z
  .string()
  .min(2, 'write at least 2 characters')
  .max(40, 'write at most 40 characters')
  .regex(/^[a-z](?:[a-z0-9]|-(?=[a-z0-9]))*$/, 'use a-z, 0-9 and single dashes, and begin with a letter')
  .refine((slug) => !(reservedSlugs as readonly string[]).includes(slug), 'this word is reserved; choose another')
  .meta({ examples: ['acme'] });

/** The name of an object in the configuration document (upstream, route, plan, arm): a key that people type. */
export const objectNameSchema = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9_.-]{0,62}[a-z0-9])?$/,
    'use 1 to 64 of a-z, 0-9, dot, dash and underscore; begin and end with a letter or digit',
  )
  .meta({ examples: ['orders'] });

/**
 * A title for people: any script, no control characters. Nor the marks that turn the direction of what is read (Unicode UAX 9):
 * with them a title could make the words beside it, or itself, read as something else.
 */
export const titleSchema = z
  .string()
  .trim()
  .min(1, 'write at least 1 character')
  .max(200, 'write at most 200 characters')
  .regex(/^\P{Cc}*$/u, 'leave out control characters')
  .regex(/^\P{Cs}*$/u, 'leave out halves of surrogate pairs')
  .regex(/^[^\u200E\u200F\u202A-\u202E\u2066-\u2069]*$/u, 'leave out invisible direction marks')
  .meta({ examples: ['Acme Orders'] });
