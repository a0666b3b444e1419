/** What Next hands a page as its query. */
export type SearchParams = Promise<Record<string, string | string[] | undefined>>;

/** One member of the query; of a repeated one the first. */
export function one(query: Awaited<SearchParams>, name: string): string | undefined {
  const value = query[name];
  return Array.isArray(value) ? value[0] : value;
}
