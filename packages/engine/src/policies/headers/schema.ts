import { secretTextSchema } from '@sluice/contracts';
import { z } from 'zod';
import { placeholderNames } from './template.js';

const mostOfEach = 32;

const values = z
  .record(z.string(), secretTextSchema(2048))
  .refine((record) => Object.keys(record).length <= mostOfEach, `write at most ${mostOfEach} headers`)
  .default({});

const edits = z
  .strictObject({
    rename: z
      .record(z.string(), z.string())
      .refine((record) => Object.keys(record).length <= mostOfEach, `write at most ${mostOfEach} headers`)
      .default({})
      .meta({ description: 'old name: new name. What came under the new name is replaced' }),
    remove: z.array(z.string()).max(mostOfEach).default([]).meta({ description: 'names of headers to take away' }),
    set: values.meta({
      description:
        'name: value, in the place of all headers of that name. Where a placeholder stands for nothing, the header is left out',
    }),
    add: values.meta({ description: 'name: value, beside those that are there' }),
  })
  .prefault({});

export const headersSchema = z.strictObject({
  request: edits.meta({
    description: `of the request on its way upstream; in the order rename, remove, set, add. Values may hold ${placeholderNames.map((name) => `{${name}}`).join(', ')}; {{ is a brace. A value that proves something to the upstream is a secret: \`secret:<name>\` stands for the whole of it`,
  }),
  response: edits.meta({
    description:
      "of the answer on its way to the client, an upstream's or the gateway's own, a refusal too; in the same order. What the gateway says itself stands",
  }),
});

export type HeadersSettings = z.infer<typeof headersSchema>;
