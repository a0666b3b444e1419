// Reading just enough of ClickHouse's SQL to know where tokens begin: names, quoted names, strings, comments.

export interface Token {
  readonly kind: 'name' | 'quoted-name' | 'string' | 'number' | 'symbol';
  /** Of a quoted name: without its quotes. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** A literal: backslashes and quotes escaped, so that the value can hold anything. */
export const quoteString = (value: string): string => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
export const quoteIdentifier = (name: string): string => `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;

const skipped = /(?:\s+|--[^\n]*|#(?:!| )[^\n]*|\/\*[\s\S]*?\*\/)+/y;
const name = /[A-Za-z_][A-Za-z0-9_$]*/y;
const number = /[0-9][A-Za-z0-9_.]*/y;
const heredoc = /\$([A-Za-z0-9_]*)\$/y;

const matchAt = (pattern: RegExp, sql: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at;
  return pattern.exec(sql);
};

/** Where a quoted thing that opens at `at` ends: backslash escapes, and a doubled quote stands for itself. */
const endOfQuoted = (sql: string, at: number, quote: string): number => {
  let position = at + 1;
  while (position < sql.length) {
    const character = sql[position];
    if (character === '\\') position += 2;
    else if (character === quote && sql[position + 1] === quote) position += 2;
    else if (character === quote) return position + 1;
    else position += 1;
  }
  return sql.length;
};

/** Lazy: a reader that stops at the data of an INSERT never looks into it. */
export function* tokensOf(sql: string): Generator<Token, void, undefined> {
  let at = 0;
  while (at < sql.length) {
    const blank = matchAt(skipped, sql, at);
    if (blank) at += blank[0].length;
    const character = sql[at];
    if (character === undefined) return;
    const start = at;
    if (character === "'") {
      at = endOfQuoted(sql, start, "'");
      yield { kind: 'string', text: sql.slice(start, at), start, end: at };
    } else if (character === '`' || character === '"') {
      at = endOfQuoted(sql, start, character);
      yield { kind: 'quoted-name', text: sql.slice(start + 1, at - 1), start, end: at };
    } else {
      const here = character === '$' ? matchAt(heredoc, sql, at) : null;
      const word = matchAt(name, sql, at) ?? matchAt(number, sql, at);
      if (here) {
        const closing = sql.indexOf(here[0], at + here[0].length);
        at = closing < 0 ? sql.length : closing + here[0].length;
        yield { kind: 'string', text: sql.slice(start, at), start, end: at };
      } else if (word) {
        at += word[0].length;
        yield { kind: /^[0-9]/.test(word[0]) ? 'number' : 'name', text: word[0], start, end: at };
      } else {
        at += 1;
        yield { kind: 'symbol', text: character, start, end: at };
      }
    }
  }
}
