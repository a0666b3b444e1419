// HEAD is taken wherever GET is (RFC 9110, section 9.3.2), unless another route names it.

export function withHead(methods: readonly string[]): readonly string[] {
  return methods.includes('GET') && !methods.includes('HEAD') ? [...methods, 'HEAD'] : methods;
}
