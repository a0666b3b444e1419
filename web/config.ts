// The portal's environment: the only reader of process.env. Read on the server at run time, so one build serves every
// installation. A wrong value prints the name and the reason, never the value, and ends the process with 78.
import { z } from 'zod';

const origin = z
  .url({ protocol: /^https?$/, error: 'write an http:// or https:// URL' })
  .refine((text) => URL.parse(text)?.pathname === '/', 'leave out the path')
  .transform((text) => new URL(text).origin);

const environmentSchema = z
  .object({
    CONTROL_URL: origin.default('http://127.0.0.1:4000'),
    PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
    PORTAL_DOMAIN: z
      .string()
      .regex(/^[a-z0-9.-]{1,253}$/, 'write a host name in lower case, without a port')
      .default('localhost'),
    CONSOLE_URL: origin.optional(),
    NODE_ENV: z.string().optional(),
  })
  .transform((env) => ({
    /** Where control-api answers, as this server reaches it. */
    controlUrl: env.CONTROL_URL,
    /** Portals live at `<tenant>.<portalDomain>`. */
    portalDomain: env.PORTAL_DOMAIN,
    isDevelopment: env.NODE_ENV === 'development',
    /** Where people open the console, without a slash at the end. */
    consoleUrl: env.CONSOLE_URL ?? `http://localhost:${env.PORT}`,
  }));

export type Config = Readonly<z.infer<typeof environmentSchema>>;

/** Reads an environment, or says which names are wrong. */
export function readConfig(
  env: Record<string, string | undefined>,
): { ok: true; config: Config } | { ok: false; lines: string[] } {
  const read = environmentSchema.safeParse(env);
  if (read.success) return { ok: true, config: Object.freeze(read.data) };
  return { ok: false, lines: read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) };
}

let parsed: Config | undefined;

/** The configuration of this process, parsed at the first call. */
export function config(): Config {
  if (parsed !== undefined) return parsed;
  const read = readConfig(process.env);
  if (!read.ok) {
    process.stderr.write(`The environment of the portal is wrong.\n${read.lines.join('\n')}\n`);
    process.exit(78);
  }
  parsed = read.config;
  return parsed;
}
