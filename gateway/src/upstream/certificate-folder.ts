// Client certificates for upstreams, as the operator puts them: <folder>/<tenant id>/<name>.crt (PEM, with its chain) and
// <name>.key beside it. A document only names them, and only those in its own tenant's folder. Files are read when a
// connection needs them and looked at again after half a minute, so that certificates can be changed without a restart.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CertificateOf, ClientCertificate } from './http1/socket-opener.js';

const trustedMs = 30_000;
const idPattern = /^[A-Za-z0-9_-]{1,64}$/;

interface Read {
  readonly atMs: number;
  readonly certificate: ClientCertificate | undefined;
}

/** @param folder undefined: there are no client certificates. @param nowMs of a monotonic clock. */
export function certificateFolder(
  folder: string | undefined,
  nowMs: () => number = () => performance.now(),
): CertificateOf {
  const known = new Map<string, Read>();
  return (tenantId, name) => {
    if (folder === undefined || !idPattern.test(tenantId) || !idPattern.test(name)) return undefined;
    const path = join(folder, tenantId, name);
    const before = known.get(path);
    if (before !== undefined && nowMs() - before.atMs < trustedMs) return before.certificate;
    const certificate = read(path);
    const isSame = certificate?.cert === before?.certificate?.cert && certificate?.key === before?.certificate?.key;
    const now = { atMs: nowMs(), certificate: isSame ? before?.certificate : certificate };
    known.set(path, now);
    return now.certificate;
  };
}

function read(path: string): ClientCertificate | undefined {
  try {
    return { cert: readFileSync(`${path}.crt`, 'utf8'), key: readFileSync(`${path}.key`, 'utf8') };
  } catch {
    return undefined;
  }
}
