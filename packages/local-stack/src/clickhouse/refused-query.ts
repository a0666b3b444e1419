// Errors as ClickHouse words them: `Code: N. DB::Exception: message. (NAME)`, from which clients read code and name.
export class RefusedQuery extends Error {
  override readonly name = 'RefusedQuery';
  readonly code: number;

  constructor(code: number, type: string, message: string) {
    super(`Code: ${code}. DB::Exception: ${message}. (${type})`);
    this.code = code;
  }
}

export interface QueryError {
  readonly code: number;
  readonly status: number;
  readonly text: string;
}

const statuses = new Map<number, number>([
  [516, 403],
  [194, 401],
  [497, 403],
  [164, 403],
  [60, 404],
  [81, 404],
  [36, 400],
  [43, 400],
  [46, 404],
  [47, 404],
  [48, 501],
  [62, 400],
  [6, 400],
  [26, 400],
  [27, 400],
  [33, 400],
  [38, 400],
  [41, 400],
  [53, 400],
  [115, 404],
  [117, 400],
  [202, 429],
  [457, 400],
  [456, 400],
  [159, 408],
]);

export const toQueryError = (error: unknown): QueryError => {
  const message = error instanceof Error ? error.message : String(error);
  const found = /Code: (\d+)/.exec(message);
  // 1002 is ClickHouse's UNKNOWN_EXCEPTION.
  const code = found ? Number(found[1]) : 1002;
  const text = found ? message.slice(found.index) : `Code: ${code}. DB::Exception: ${message}. (UNKNOWN_EXCEPTION)`;
  return { code, status: statuses.get(code) ?? 500, text };
};
