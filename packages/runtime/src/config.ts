// A process's environment as one frozen, nested object. Each leaf of the schema is a `variable` or a `secret`,
// which ties it to the NAME that people set:
//
//   const schema = z.object({ redis: z.object({ url: secret('REDIS_URL', z.url(), 'the URL of Redis') }) });
//   const config = readConfig(schema);   // config.redis.url
//
// A wrong environment is told in full, name by name, with reason and remedy and never with a value, and ends the
// process with status 78 (EX_CONFIG of sysexits.h), which supervisors can tell from a crash.
import { readFileSync } from 'node:fs';
import { z } from 'zod';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ConfigError {
  readonly name: string;
  readonly reason: string;
  readonly remedy: string;
}

export type Config<T> = T extends object ? { readonly [K in keyof T]: Config<T[K]> } : T;
export type ConfigResult<T> =
  | { readonly ok: true; readonly config: Config<T> }
  | { readonly ok: false; readonly errors: readonly ConfigError[] };

interface Variable {
  readonly name: string;
  readonly isSecret: boolean;
  /** A noun phrase that completes "set it to ...". */
  readonly meaning: string;
}

const variables = z.registry<Variable>();

/** Ties a leaf of a config schema to an environment variable. `meaning` completes "set it to ...". */
export function variable<S extends z.ZodType>(name: string, schema: S, meaning: string): S {
  return tie(schema, { name, isSecret: false, meaning });
}

/** As `variable`; `<name>_FILE` may name a file that holds the value instead. */
export function secret<S extends z.ZodType>(name: string, schema: S, meaning: string): S {
  return tie(schema, { name, isSecret: true, meaning });
}

/** Reads the environment, or prints what is wrong with it to stderr and exits 78. */
export function readConfig<S extends z.ZodObject>(schema: S, env: Environment = process.env): Config<z.infer<S>> {
  const result = parseConfig(schema, env);
  if (result.ok) return result.config;
  const lines = result.errors.map(({ name, reason, remedy }) => `  ${name}: ${reason}; ${remedy}`);
  process.stderr.write(`The environment is not valid:\n${lines.join('\n')}\n`);
  return process.exit(78);
}

/** As `readConfig`, with the errors as a value. An empty variable counts as unset: that is what compose files pass on. */
export function parseConfig<S extends z.ZodObject>(schema: S, env: Environment): ConfigResult<z.infer<S>> {
  const errors: ConfigError[] = [];
  const names = new Map<string, Variable>();
  const raw = gather(schema, env, [], names, errors);
  const parsed = schema.safeParse(raw);
  const known = new Set(errors.map((error) => error.name));
  for (const issue of parsed.error?.issues ?? []) {
    const tied = findVariable(names, issue.path);
    const name = tied?.name ?? issue.path.join('.');
    if (known.has(name)) continue;
    known.add(name);
    errors.push({ name, reason: reasonOf(issue, raw), remedy: remedyOf(name, tied) });
  }
  if (!parsed.success || errors.length > 0) return { ok: false, errors };
  return { ok: true, config: deepFreeze(parsed.data) as Config<z.infer<S>> };
}

/** The text of a `.env.example`: every variable with its meaning; commented out, with its default, where it may be left out. */
export function envExample(schema: z.ZodObject): string {
  const names = new Map<string, Variable>();
  gather(schema, {}, [], names, []);
  const defaults = flatten(schema);
  return [...names]
    .map(([path, { name, meaning, isSecret }]) => {
      const value = defaults.get(path);
      const setting = value === undefined ? `${name}=` : `# ${name}=${value}`;
      return `# ${meaning}${isSecret ? ` (or ${name}_FILE: a file that holds it)` : ''}\n${setting}\n`;
    })
    .join('\n');
}

function tie<S extends z.ZodType>(schema: S, tied: Variable): S {
  variables.add(schema, tied);
  return schema;
}

function gather(
  schema: z.ZodObject,
  env: Environment,
  path: readonly string[],
  names: Map<string, Variable>,
  errors: ConfigError[],
): Record<string, unknown> {
  const raw: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(schema.shape)) {
    const tied = member instanceof z.ZodType ? variables.get(member) : undefined;
    const at = [...path, key];
    if (tied !== undefined) {
      names.set(at.join('.'), tied);
      const value = valueOf(tied, env, errors);
      if (value !== undefined) raw[key] = value;
    } else if (member instanceof z.ZodObject) {
      raw[key] = gather(member, env, at, names, errors);
    } else {
      throw new Error(`${at.join('.')} of the config schema is tied to no variable`);
    }
  }
  return raw;
}

function valueOf({ name, isSecret }: Variable, env: Environment, errors: ConfigError[]): string | undefined {
  const value = env[name];
  const file = isSecret ? env[`${name}_FILE`] : undefined;
  if (file === undefined || file === '') return value === '' ? undefined : value;
  if (value !== undefined && value !== '') {
    errors.push({ name, reason: `is set, and so is ${name}_FILE`, remedy: 'unset one of the two' });
    return value;
  }
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    errors.push({
      name: `${name}_FILE`,
      reason: `names a file that cannot be read (${code})`,
      remedy: 'name a file that this process may read',
    });
    // Stands in for the secret, so that it is not reported as missing too.
    return undefined;
  }
}

function findVariable(names: Map<string, Variable>, path: readonly PropertyKey[]): Variable | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const found = names.get(path.slice(0, length).map(String).join('.'));
    if (found !== undefined) return found;
  }
  return undefined;
}

function reasonOf(issue: z.core.$ZodIssue, raw: unknown): string {
  const value = issue.path.reduce<unknown>(
    (at, step) => (typeof at === 'object' && at !== null ? Reflect.get(at, step) : undefined),
    raw,
  );
  return value === undefined ? 'is missing' : `is not valid (${issue.message})`;
}

function remedyOf(name: string, tied: Variable | undefined): string {
  if (tied === undefined) return 'correct it';
  return `set it to ${tied.meaning}${tied.isSecret ? `, or ${name}_FILE to a file that holds it` : ''}`;
}

function flatten(
  schema: z.ZodObject,
  path: readonly string[] = [],
  into = new Map<string, string>(),
): Map<string, string> {
  for (const [key, member] of Object.entries(schema.shape)) {
    const at = [...path, key];
    if (member instanceof z.ZodObject) flatten(member, at, into);
    else if (member instanceof z.ZodType) {
      const parsed = member.safeParse(undefined);
      if (parsed.success) into.set(at.join('.'), defaultText(parsed.data));
    }
  }
  return into;
}

function defaultText(value: unknown): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.join(',');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function deepFreeze(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) deepFreeze(member);
  }
  return value;
}
