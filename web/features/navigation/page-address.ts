// The address of the page being made, which Next keeps from server components: `proxy.ts` hands it on in a header.
// The header is set on every request, so what a client sends in it is never believed.
export const addressHeader = 'x-sluice-page-address';

/** Path and query as the visitor knows them, without the mark that Next adds when it asks for a page's data. */
export function addressOf(pathname: string, search: string): string {
  const query = new URLSearchParams(search);
  if (!query.has('_rsc')) return pathname + search;
  query.delete('_rsc');
  return query.size === 0 ? pathname : `${pathname}?${query}`;
}
