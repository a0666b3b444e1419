// What every endpoint shares: lists come in pages, times are ISO 8601 in UTC.
import { z } from 'zod';

export const timeSchema = z.iso.datetime().meta({ description: 'UTC' });

export const pageQuerySchema = z.object({
  cursor: z.string().max(400).optional().meta({ description: 'nextCursor of the page before' }),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** A page of items; `nextCursor` null: this was the last. */
export function pageOf<T extends z.ZodType>(item: T, id: string) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() }).meta({ id });
}

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}
