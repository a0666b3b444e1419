// Session tokens at rest: better-auth would keep them as they are, so every statement about sessions passes here, and the table
// holds their SHA-256 alone. A token has 32 random letters and digits, so nobody finds it from its hash; a copy of the table,
// even together with AUTH_SECRET, makes no session. The library goes on working with the token that the cookie brought.
import { createHash } from 'node:crypto';
import type { DBAdapter, DBTransactionAdapter, Where } from 'better-auth/adapters';

type Row = Record<string, unknown>;

export function sealSessions(adapter: DBAdapter): DBAdapter {
  return {
    ...sealed(adapter),
    transaction: async (callback) => adapter.transaction(async (trx) => callback(sealed(trx))),
  };
}

function sealed<Adapter extends DBTransactionAdapter>(adapter: Adapter): Adapter {
  const wrapped: DBTransactionAdapter = {
    ...adapter,
    create: async (query) =>
      opened(await adapter.create({ ...query, data: sealedValues(query.model, query.data) }), query.model, query.data),
    findOne: async (query) => opened(await adapter.findOne(sealedQuery(query)), query.model, asked(query)),
    findMany: async (query) => adapter.findMany(sealedQuery(query)),
    count: async (query) => adapter.count(sealedQuery(query)),
    update: async (query) =>
      opened(
        await adapter.update({ ...sealedQuery(query), update: sealedValues(query.model, query.update) }),
        query.model,
        { ...asked(query), ...query.update },
      ),
    updateMany: async (query) =>
      adapter.updateMany({ ...sealedQuery(query), update: sealedValues(query.model, query.update) }),
    delete: async (query) => adapter.delete(sealedQuery(query)),
    deleteMany: async (query) => adapter.deleteMany(sealedQuery(query)),
    consumeOne: async (query) => opened(await adapter.consumeOne(sealedQuery(query)), query.model, asked(query)),
    incrementOne: async (query) => opened(await adapter.incrementOne(sealedQuery(query)), query.model, asked(query)),
  };
  return wrapped as Adapter;
}

function sealedQuery<Query extends { readonly model: string; readonly where?: Where[] | undefined }>(
  query: Query,
): Query {
  if (query.model !== 'session' || query.where === undefined) return query;
  const where = query.where.map((one) => {
    if (one.field !== 'token') return one;
    return { ...one, value: Array.isArray(one.value) ? one.value.map(sealOf) : sealOf(one.value) };
  });
  return { ...query, where };
}

function sealedValues<Values extends Row>(model: string, values: Values): Values {
  return model === 'session' && 'token' in values ? { ...values, token: sealOf(values['token']) } : values;
}

/** The token that a query names: its answer is given back with it. */
function asked({ where = [] }: { readonly where?: Where[] | undefined }): Row {
  const one = where.find(({ field, operator = 'eq' }) => field === 'token' && operator === 'eq');
  return one === undefined ? {} : { token: one.value };
}

function opened<R>(row: R, model: string, { token }: Row): R {
  const isOfToken = model === 'session' && typeof row === 'object' && row !== null && 'token' in row;
  return isOfToken && typeof token === 'string' && row.token === sealOf(token) ? { ...row, token } : row;
}

/** As which the token is kept. */
export function sealOf(token: unknown): string {
  return createHash('sha256').update(String(token)).digest('hex');
}
