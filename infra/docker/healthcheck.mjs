// Exits 0 when the URL answers 2xx or 3xx within four seconds, for HEALTHCHECK: the images have no curl.
const [, , url] = process.argv;
try {
  const res = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(4_000) });
  process.exit(res.status < 400 ? 0 : 1);
} catch {
  process.exit(1);
}
