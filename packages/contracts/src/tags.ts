// Tags of the objects of a configuration document: words of the tenant's own, by which a part of an environment can be exported,
// compared and synced while all else stays as it is. Gateways do nothing with them.
import { z } from 'zod';

const word = /[a-z0-9](?:[a-z0-9_.:-]{0,62}[a-z0-9])?/;
const wordRule = '1 to 64 of a-z, 0-9, dot, dash, underscore and colon; begin and end with a letter or digit';
/** Of one object. */
export const mostTags = 16;

export const tagSchema = z
  .string()
  .regex(new RegExp(`^${word.source}$`), `use ${wordRule}`)
  .meta({ examples: ['team-orders'] });

/** A set: whatever the order in which it is written, it makes the same document. An empty one is written nowhere. */
export const tagsSchema = z
  .array(tagSchema)
  .min(1, 'write at least one tag, or leave tags out')
  .max(mostTags, `write at most ${mostTags} tags`)
  .refine((tags) => new Set(tags).size === tags.length, 'write each tag once')
  .overwrite((tags) => tags.toSorted())
  .meta({ description: 'words of your own, by which a part of the document can be exported and synced' });

/** In a query, with commas between. */
export const tagListSchema = z
  .string()
  .regex(
    new RegExp(`^${word.source}(?:,${word.source}){0,${mostTags - 1}}$`),
    `write 1 to ${mostTags} tags with commas between; for each, use ${wordRule}`,
  )
  .meta({ examples: ['team-orders', 'team-orders,public'] });

export type Tags = z.infer<typeof tagsSchema>;
