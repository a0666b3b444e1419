// A list as a whole, page by page. It ends at the first failure, and hands that on as the outcome.
import type { AnswerOf, ApiClient, CallRequest, OperationName } from './client.js';
import type { Outcome } from './outcome.js';

interface AnyPage {
  readonly items: readonly unknown[];
  readonly nextCursor: string | null;
}

/** The operations that answer in pages. */
export type PagedName = { [N in OperationName]: AnswerOf<N> extends AnyPage ? N : never }[OperationName];
type ItemOf<N extends PagedName> = AnswerOf<N> extends { items: readonly (infer Item)[] } ? Item : never;

/** @param atMost stops asking once there are so many items. */
export async function everyItem<N extends PagedName>(
  client: ApiClient,
  name: N,
  request: CallRequest<N>,
  atMost = Number.POSITIVE_INFINITY,
): Promise<Outcome<ItemOf<N>[]>> {
  const items: ItemOf<N>[] = [];
  let cursor: string | undefined;
  const call = client.call.bind(client) as (name: N, request: object) => Promise<Outcome<AnyPage>>;
  for (;;) {
    const { query = {} } = request as { query?: object };
    const page = await call(name, { ...request, query: { ...query, limit: 200, ...(cursor && { cursor }) } });
    if (!page.ok) return page;
    items.push(...(page.value.items as ItemOf<N>[]));
    if (page.value.nextCursor === null || items.length >= atMost) return { ...page, value: items.slice(0, atMost) };
    cursor = page.value.nextCursor;
  }
}
