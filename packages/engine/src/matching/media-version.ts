// The version that a client asks for by media type: `Accept: application/vnd.acme.orders.v2+json`, with a
// dotted part that begins like a version, or `Accept: application/json;version=v2`.

// Far above what clients send, and little enough to read for each request.
const longestRead = 1024;

/** Of the range with the highest quality that names one (the first of equals), in lower case. Undefined: none does. */
export function wantedVersion(accept: string | undefined): string | undefined {
  if (accept === undefined || accept === '*/*') return undefined;
  let best: string | undefined;
  let bestQuality = 0;
  for (const range of accept.slice(0, longestRead).toLowerCase().split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
    const version = parameterOf(parameters, 'version') ?? versionOfVendor(type);
    if (version === undefined) continue;
    const quality = Number(parameterOf(parameters, 'q') ?? 1);
    if (quality > bestQuality) {
      best = version;
      bestQuality = quality;
    }
  }
  return best;
}

function versionOfVendor(type: string): string | undefined {
  return /^[^/]+\/vnd\.[^+]*?\.(v?\d[a-z0-9-]*(?:\.\d[a-z0-9-]*)*)/.exec(type)?.[1];
}

function parameterOf(parameters: readonly string[], name: string): string | undefined {
  const written = parameters.find((parameter) => parameter.startsWith(`${name}=`))?.slice(name.length + 1);
  return written?.startsWith('"') === true ? written.slice(1, -1) : written;
}
