// A document's text, YAML or JSON, as a document; or all that is wrong with it, each with its place in the text.
import { documentSourceSchema, fieldErrors, type Document, type FieldError } from '@sluice/contracts';
import { isHiddenSecret } from '../http/hidden-secrets.js';
import { isUnstorable } from '../http/json-body.js';
import type { DocumentText } from './document-text.js';
import { pointerOf, type Step } from './pointers.js';
import { readAside } from './read-aside.js';
import { mostDepth } from './read-yaml.js';

const mostErrors = 50;

export interface DocumentSource {
  /** With defaults filled in; routes in the order of the text. */
  readonly document: Document;
  /** The errors with their places in the text. */
  readonly located: (errors: readonly FieldError[]) => Promise<FieldError[]>;
}

export type ReadDocument =
  | { readonly source: DocumentSource; readonly errors: readonly [] }
  | { readonly source: undefined; readonly errors: readonly FieldError[] };

export async function readDocument(sent: DocumentText): Promise<ReadDocument> {
  const { value, errors } =
    sent.format === 'yaml' ? await readAside({ text: sent.text, pointers: [] }) : await readJson(sent);
  if (errors.length > 0) return refused(errors);
  const unfit = unfitIn(value, []);
  if (unfit !== undefined) return refused(await placed(sent, [unfit]));
  const read = documentSourceSchema.safeParse(value);
  if (!read.success) {
    // Of a field that should not be there, its own place; its error names what it is in.
    const places = read.error.issues
      .slice(0, mostErrors)
      .map((issue) =>
        pointerOf(issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path),
      );
    return refused(await placed(sent, fieldErrors(read.error).slice(0, mostErrors), places));
  }
  const { $schema: _editors, ...document } = read.data;
  return {
    source: { document: withoutEmptyLists(document), located: async (found) => placed(sent, found) },
    errors: [],
  };
}

function refused(errors: readonly FieldError[]): ReadDocument {
  return { source: undefined, errors: errors.slice(0, mostErrors) };
}

// JSON is YAML, but for details, and read as such where errors are to be placed in it.
async function placed(
  { text }: DocumentText,
  errors: readonly FieldError[],
  pointers: readonly string[] = errors.map(({ pointer }) => pointer),
): Promise<FieldError[]> {
  const { positions } = await readAside({ text, pointers });
  return errors.map(({ pointer, message, fix }, index) => ({ pointer, message, fix, ...positions[index] }));
}

async function readJson({ text }: DocumentText): Promise<{ value: unknown; errors: readonly FieldError[] }> {
  try {
    return { value: JSON.parse(text) as unknown, errors: [] };
  } catch {
    const { errors } = await readAside({ text, pointers: [] });
    const [first] = errors;
    const error: FieldError = {
      pointer: '',
      message: 'the text is not JSON',
      fix: 'write double quotes around names and texts, and no comma at the end of a list; or send YAML as application/yaml',
      ...(first?.line === undefined ? {} : { line: first.line, column: first.column }),
    };
    return { value: undefined, errors: [error] };
  }
}

/** No list of policies and an empty one are the same, and so make the same document. */
function withoutEmptyLists(document: Document): Document {
  const apis = Object.entries(document.apis).map(
    ([name, { policies, ...api }]): [string, (typeof document.apis)[string]] => [
      name,
      policies === undefined || policies.length === 0 ? api : { ...api, policies },
    ],
  );
  return { ...document, apis: Object.fromEntries(apis) };
}

// Nesting without end, text that no store takes back out as it went in, a name that no object of ours may have, and what somebody
// was shown who may not see the secret: it would be stored in the secret's place. The path is one list for all, and becomes a
// pointer only where something is found: with one for each value, a text of deep lists would hold the process for minutes.
function unfitIn(value: unknown, path: Step[]): FieldError | undefined {
  if (isHiddenSecret(String(path.at(-1)), value)) {
    const pointer = pointerOf(path);
    return {
      pointer,
      message: `the secret ${pointer} was hidden when this was exported`,
      fix: 'write the secret, or export the document as somebody who may change it',
    };
  }
  if (typeof value === 'string' && isUnstorable(value)) return unstorable(pointerOf(path));
  if (typeof value !== 'object' || value === null) return undefined;
  if (path.length >= mostDepth)
    return {
      pointer: pointerOf(path),
      message: 'the text is nested too deep',
      fix: `nest at most ${mostDepth} levels`,
    };
  for (const [key, member] of Object.entries(value)) {
    path.push(key);
    if (key === '__proto__') return { pointer: pointerOf(path), message: '__proto__ is no name', fix: 'leave it out' };
    const found = isUnstorable(key) ? unstorable(pointerOf(path)) : unfitIn(member, path);
    if (found !== undefined) return found;
    path.pop();
  }
  return undefined;
}

function unstorable(pointer: string): FieldError {
  return { pointer, message: 'it holds NUL or half a surrogate pair', fix: 'leave it out' };
}
