// Plain data as YAML 1.2, for people: short parts on one line, long ones over several. It writes what documents hold (objects,
// lists, texts, numbers, booleans), and nothing of YAML beyond that.

const width = 100;
// Whatever else could be read as another type, or as YAML's own signs, is put into quotes.
const plain = /^[A-Za-z/][A-Za-z0-9_./-]*(?: [A-Za-z0-9_./-]+)*$/;
const otherTypes = /^(?:true|false|null|yes|no|on|off|y|n)$/i;

/** Without a line break at its end. */
export function yamlOf(value: unknown): string {
  return lines(value).join('\n');
}

function lines(value: unknown): string[] {
  if (Array.isArray(value) && value.length > 0) return value.flatMap((item: unknown) => hang('- ', item));
  if (isObject(value) && Object.keys(value).length > 0)
    return Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .flatMap(([key, member]) => memberLines(scalar(key), member));
  return [flow(value)];
}

function memberLines(key: string, member: unknown): string[] {
  const short = `${key}: ${flow(member)}`;
  if (!isNested(member) || short.length <= width) return [short];
  return [`${key}:`, ...lines(member).map((line) => `  ${line}`)];
}

function hang(mark: string, item: unknown): string[] {
  const short = mark + flow(item);
  if (!isNested(item) || short.length <= width) return [short];
  return lines(item).map((line, index) => (index === 0 ? mark : ' '.repeat(mark.length)) + line);
}

function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (!isObject(value)) return scalar(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([key, member]) => `${scalar(key)}: ${flow(member)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

function scalar(value: unknown): string {
  if (typeof value === 'string' && plain.test(value) && !otherTypes.test(value)) return value;
  return JSON.stringify(value);
}

function isNested(value: unknown): boolean {
  return (Array.isArray(value) && value.length > 0) || (isObject(value) && Object.keys(value).length > 0);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
