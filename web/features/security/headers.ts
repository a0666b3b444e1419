// The security headers of every page. Scripts run by nonce alone. Styles may be inline: React and the chart library set
// style attributes on the server, and a style cannot run code. `connect-src` names the gateways that Try it calls.

export function contentSecurityPolicy(
  nonce: string,
  gatewayOrigins: readonly string[],
  isDevelopment: boolean,
): string {
  const directives = {
    'default-src': ["'self'"],
    'script-src': ["'self'", `'nonce-${nonce}'`, "'strict-dynamic'", ...(isDevelopment ? ["'unsafe-eval'"] : [])],
    'style-src': ["'self'", "'unsafe-inline'"],
    'img-src': ["'self'", 'data:'],
    'font-src': ["'self'"],
    'connect-src': ["'self'", ...gatewayOrigins],
    'object-src': ["'none'"],
    'base-uri': ["'none'"],
    'form-action': ["'self'"],
    'frame-ancestors': ["'none'"],
  };
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources.join(' ')}`)
    .join('; ');
}

export function setSecurityHeaders(headers: Headers, isHttps: boolean): void {
  headers.set('x-content-type-options', 'nosniff');
  headers.set('referrer-policy', 'strict-origin-when-cross-origin');
  headers.set('cross-origin-opener-policy', 'same-origin');
  headers.set('permissions-policy', 'camera=(), microphone=(), geolocation=(), payment=()');
  headers.set('x-frame-options', 'DENY');
  if (isHttps) headers.set('strict-transport-security', 'max-age=31536000');
}
