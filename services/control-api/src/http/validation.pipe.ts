// Checks bodies and queries against the schema at the parameter, and tells each wrong field with its JSON pointer, what is
// wrong and what to write instead.
import { StandardSchemaValidationPipe, type ArgumentMetadata } from '@nestjs/common';
import { fieldErrors } from '@sluice/contracts';
import { z } from 'zod';
import { invalidField, Refusal } from './refusal.js';

export class ValidationPipe extends StandardSchemaValidationPipe {
  override async transform<T>(value: T, { schema, type }: ArgumentMetadata): Promise<T> {
    if (schema === undefined || type === 'custom') return value;
    if (!(schema instanceof z.ZodType)) throw new Error('a parameter is tied to a schema that is not of zod');
    return check(schema, value, type === 'query' ? 'invalid_query' : 'invalid_body') as T;
  }
}

export function check<S extends z.ZodType>(
  schema: S,
  value: unknown,
  code: 'invalid_body' | 'invalid_query',
): z.infer<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  if (value === undefined && code === 'invalid_body') throw invalidField('', 'the body is missing', 'send JSON');
  const errors = fieldErrors(parsed.error).slice(0, 50);
  const where = code === 'invalid_query' ? 'query' : 'body';
  const named = errors.map(({ pointer }) => pointer || 'the whole').join(', ');
  throw new Refusal(
    code,
    `The ${where} does not have the right shape at ${named}. Each error below says what to write instead.`,
    errors,
  );
}
