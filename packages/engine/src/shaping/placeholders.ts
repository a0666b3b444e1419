// Texts with {placeholders}, as a rewrite or a redirect writes them.
import { placeholderName } from '../matching/template.js';

export type TextPart = string | { readonly name: string };

export type ParsedText =
  | { readonly ok: true; readonly parts: readonly TextPart[] }
  | { readonly ok: false; readonly detail: string; readonly fix: string };

/** `known` are the names that may stand between braces. */
export function parseText(text: string, known: readonly string[]): ParsedText {
  const parts: TextPart[] = [];
  for (const [index, piece] of text.split(/\{([^{}]*)\}/).entries()) {
    if (index % 2 === 0) {
      if (/[{}]/.test(piece)) return { ok: false, detail: `a brace in ${text} has no partner`, fix: 'write {name}' };
      if (piece !== '') parts.push(piece);
    } else if (!placeholderName.test(piece) || !known.includes(piece)) {
      return {
        ok: false,
        detail: `${text} names {${piece}}, which the route does not know`,
        fix:
          known.length === 0
            ? 'take it out: the path of this route has no placeholders'
            : `write one of: ${known.map((name) => `{${name}}`).join(', ')}`,
      };
    } else parts.push({ name: piece });
  }
  return { ok: true, parts };
}

/** `valueOf` also sees what has been written so far. */
export function fillIn(parts: readonly TextPart[], valueOf: (name: string, before: string) => string): string {
  let text = '';
  for (const part of parts) text += typeof part === 'string' ? part : valueOf(part.name, text);
  return text;
}
