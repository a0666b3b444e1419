// A part of the configuration as it was stored: by this version, or by one whose rules were others. What those forbid that are
// younger is told when it is published; until then it can be listed, read and mended.
import type { z } from 'zod';

export function readStored<Schema extends z.ZodType>(schema: Schema, stored: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(stored);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it was checked when it was written
  return parsed.success ? parsed.data : (stored as z.infer<Schema>);
}
