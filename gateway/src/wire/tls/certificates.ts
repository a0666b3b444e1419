// The certificates of the TLS port: pairs of files in one folder, <name>.crt (PEM, with its chain) and <name>.key. Each
// serves the names that it was issued for. Who asks for another name, or for none, gets `default`, or else the first by
// name. Changed files are taken up without a restart; a pair that cannot be read then leaves those before it in use.
import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import type { SecureContext } from 'node:tls';

export interface Certificate {
  readonly context: SecureContext;
  /** Whether it was issued for this host. @param host in lower case, an IPv6 address in its brackets. */
  isFor(host: string): boolean;
}

interface Loaded {
  readonly byName: ReadonlyMap<string, Certificate>;
  readonly fallback: Certificate;
}

export interface Certificates {
  /** By the name that the client asks for (SNI), in lower case; '': it names none. */
  readonly certificateFor: (name: string) => Certificate;
  /** Looks at the files again. False: they cannot be read, `why` says what is wrong, and nothing has changed. */
  refresh(): { readonly ok: true } | { readonly ok: false; readonly why: string };
}

/**
 * Throws with a sentence for people when the folder holds no usable pair.
 *
 * @param ticketKeys 48 bytes, the same for all threads: a client may resume with another one.
 */
export function openCertificates(folder: string, ticketKeys: Buffer): Certificates {
  let state = '';
  let loaded: Loaded;
  try {
    state = stateOf(folder);
    loaded = load(folder, ticketKeys);
  } catch (error) {
    throw new Error(`TLS_CERTIFICATES_DIR: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  return {
    certificateFor: (name) => find(loaded, name),
    refresh: () => {
      try {
        const now = stateOf(folder);
        if (now === state) return { ok: true };
        loaded = load(folder, ticketKeys);
        state = now;
        return { ok: true };
      } catch (error) {
        return { ok: false, why: error instanceof Error ? error.message : String(error) };
      }
    },
  };
}

function find({ byName, fallback }: Loaded, name: string): Certificate {
  return byName.get(name) ?? byName.get(wildcardOf(name)) ?? fallback;
}

// RFC 9525, section 6.3: an asterisk stands for one whole label, the first.
function wildcardOf(name: string): string {
  return `*${name.slice(name.indexOf('.'))}`;
}

function load(folder: string, ticketKeys: Buffer): Loaded {
  const byName = new Map<string, Certificate>();
  let fallback: Certificate | undefined;
  for (const name of pairsIn(folder)) {
    const { certificate, names } = read(folder, name, ticketKeys);
    for (const one of names) if (!byName.has(one)) byName.set(one, certificate);
    if (fallback === undefined || name === 'default') fallback = certificate;
  }
  if (fallback === undefined) throw new Error(`${folder} holds no certificate; put <name>.crt and <name>.key into it`);
  return { byName, fallback };
}

function read(
  folder: string,
  name: string,
  ticketKeys: Buffer,
): { certificate: Certificate; names: ReadonlySet<string> } {
  try {
    const cert = readFileSync(join(folder, `${name}.crt`));
    const key = readFileSync(join(folder, `${name}.key`));
    const context = createSecureContext({ cert, key, ticketKeys, minVersion: 'TLSv1.2' });
    const x509 = new X509Certificate(cert);
    const names = new Set(x509.subjectAltName?.matchAll(/DNS:([^,\s]+)/g).map(([, one]) => (one ?? '').toLowerCase()));
    const isFor = (host: string): boolean =>
      names.has(host) || names.has(wildcardOf(host)) || isForAddress(x509, host.replaceAll(/^\[|\]$/g, ''));
    return { certificate: { context, isFor }, names };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${name}.crt and ${name}.key are not a certificate and its key (${why})`, {
      cause: error,
    });
  }
}

function isForAddress(certificate: X509Certificate, address: string): boolean {
  return isIP(address) !== 0 && certificate.checkIP(address) !== undefined;
}

function pairsIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.crt'))
    .map((file) => file.slice(0, -4))
    .sort();
}

/** Changes with any file of the folder. */
function stateOf(folder: string): string {
  return readdirSync(folder)
    .sort()
    .map((file) => {
      const { mtimeMs, size, ino } = statSync(join(folder, file));
      return `${file} ${mtimeMs} ${size} ${ino}`;
    })
    .join('\n');
}
