// All rows of a question, one by one, read a page at a time in the order of their ids. What is done with a row may take it out of
// the question or leave it in: either way the next one comes.
export interface Page {
  /** The id to begin behind. */
  readonly after: string;
  readonly take: number;
}

const pageSize = 100;

export async function* inPages<Row extends { readonly id: string }>(
  read: (page: Page) => Promise<readonly Row[]>,
): AsyncGenerator<Row> {
  for (let after = ''; ;) {
    const rows = await read({ after, take: pageSize });
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageSize) return;
    after = last.id;
  }
}
