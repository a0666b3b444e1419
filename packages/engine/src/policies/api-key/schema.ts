import { z } from 'zod';
import { placeFields } from '../../credential-places.js';

export const apiKeySchema = z.strictObject({
  ...placeFields,
  header: placeFields.header.meta({
    description:
      'the header that carries the key, or several; x-api-key where no place is named. In `authorization` it follows `Bearer` or `ApiKey`',
  }),
  hide: z.boolean().default(true).meta({ description: 'take the key out of the request before it goes upstream' }),
});

export type ApiKeySettings = z.infer<typeof apiKeySchema>;
