// A document's text, YAML or JSON, as a document; or all that is wrong with it, each with its place in the text. The API and the
// command line read with it, so that they say the same of the same text.
import { boundedErrors, documentSourceSchema, fieldErrors, type Document, type FieldError } from '@sluice/contracts';
import { pointerOf } from './pointers.js';
import { readYaml, type Position } from './read-yaml.js';
import { findUnfit } from './unfit.js';

const mostErrors = 50;

export interface DocumentText {
  readonly text: string;
  readonly format: 'json' | 'yaml';
}

export interface AskedText {
  readonly text: string;
  /** Of which the positions are wanted. */
  readonly pointers: readonly string[];
}

export interface ToldText {
  readonly value: unknown;
  /** Why it cannot be read; then `value` is of no use. */
  readonly errors: readonly FieldError[];
  /** One for each pointer that was asked for. */
  readonly positions: readonly (Position | undefined)[];
}

/** Reads YAML; where, and for how long, is its own affair. */
export type ReadText = (asked: AskedText) => Promise<ToldText>;

export interface DocumentSource {
  /** With defaults filled in; routes in the order of the text. */
  readonly document: Document;
  /** Of the part of an environment that it says it is; without it the whole. */
  readonly tags: readonly string[] | undefined;
  /** The errors with their places in the text. */
  readonly located: (errors: readonly FieldError[]) => Promise<FieldError[]>;
}

export type ReadDocument =
  | { readonly source: DocumentSource; readonly errors: readonly [] }
  | { readonly source: undefined; readonly errors: readonly FieldError[] };

/** @param readText a service that nobody may hold up reads long texts elsewhere; without it they are read here and now. */
export async function readDocument(sent: DocumentText, readText: ReadText = readHere): Promise<ReadDocument> {
  const { value, errors } =
    sent.format === 'yaml' ? await readText({ text: sent.text, pointers: [] }) : await readJson(sent, readText);
  if (errors.length > 0) return refused(errors);
  // JSON is YAML, but for details, and read as such where errors are to be placed in it.
  const placed = async (
    found: readonly FieldError[],
    pointers: readonly string[] = found.map(({ pointer }) => pointer),
  ): Promise<FieldError[]> => {
    const { positions } = await readText({ text: sent.text, pointers });
    return found.map(({ pointer, message, fix }, index) => ({ pointer, message, fix, ...positions[index] }));
  };
  const unfit = findUnfit(value);
  if (unfit !== undefined) return refused(await placed([unfit]));
  const read = documentSourceSchema.safeParse(value);
  if (!read.success) {
    // Of a field that should not be there, its own place; its error names what it is in.
    const places = read.error.issues
      .slice(0, mostErrors)
      .map((issue) =>
        pointerOf(issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path),
      );
    return refused(await placed(fieldErrors(read.error).slice(0, mostErrors), places));
  }
  const { $schema: _editors, scope, ...document } = read.data;
  const source = { document: withoutEmptyLists(document), tags: scope?.tags, located: placed };
  return { source, errors: [] };
}

export const readHere: ReadText = async ({ text, pointers }) => {
  const { value, errors, positionOf } = readYaml(text);
  return { value, errors, positions: pointers.map(positionOf) };
};

function refused(errors: readonly FieldError[]): ReadDocument {
  return { source: undefined, errors: boundedErrors(errors.slice(0, mostErrors)) };
}

async function readJson(
  { text }: DocumentText,
  readText: ReadText,
): Promise<{ value: unknown; errors: readonly FieldError[] }> {
  try {
    return { value: JSON.parse(text) as unknown, errors: [] };
  } catch {
    const { errors } = await readText({ text, pointers: [] });
    const [first] = errors;
    const error: FieldError = {
      pointer: '',
      message: 'the text is not JSON',
      fix: 'write double quotes around names and texts, and no comma at the end of a list; or say that it is YAML: by the type application/yaml, or by a file name that ends in .yaml',
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
