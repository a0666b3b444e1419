// The feed's lines as this gateway reads them. A document is left as it came: its hash is of what was sent, which a
// schema that fills in a newer default would change, and one that this version cannot read is refused by receipt alone.
import {
  credentialChangeSchema,
  environmentChangeSchema,
  feedEntrySchema,
  feedLineSchema,
  secretChangeSchema,
  subscriptionChangeSchema,
  weightsChangeSchema,
} from '@sluice/contracts';
import { z } from 'zod';

const changeSchema = z.discriminatedUnion('kind', [
  environmentChangeSchema.extend({ document: z.unknown() }),
  weightsChangeSchema,
  subscriptionChangeSchema,
  credentialChangeSchema,
  secretChangeSchema,
]);

export const receivedEntrySchema = feedEntrySchema.extend({ change: changeSchema });
const [helloSchema, snapshotEndSchema, , pingSchema] = feedLineSchema.options;
const lineSchema = z.discriminatedUnion('type', [
  helloSchema,
  snapshotEndSchema,
  pingSchema,
  z.object({ type: z.literal('entry'), entry: receivedEntrySchema }),
]);

export type ReceivedEntry = z.infer<typeof receivedEntrySchema>;
export type ReceivedChange = ReceivedEntry['change'];
export type ReceivedEnvironment = Extract<ReceivedChange, { kind: 'environment' }>;
/** `unknown`: a newer control plane's; it is passed over, and its position counts as reached. */
export type ReceivedLine =
  | z.infer<typeof lineSchema>
  | {
      readonly type: 'unknown';
      readonly position: number | undefined;
      readonly mark?: string | undefined;
      readonly reason: string;
    };

const positionSchema = z.object({ entry: z.object({ position: z.int(), mark: z.string().optional() }) });

export function readLine(json: unknown): ReceivedLine {
  const parsed = lineSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const { position, mark } = positionSchema.safeParse(json).data?.entry ?? {};
  return {
    type: 'unknown',
    position,
    mark,
    reason: z.prettifyError(parsed.error),
  };
}
