// An issuer: from which keys a token of each algorithm is verified.
import { hash } from 'node:crypto';
import { canonicalJson } from '@sluice/contracts';
import type { CompileContext } from '../../policy.js';
import type { KeySource, SigningAlgorithm, StaticKey } from '../../questions.js';
import { signingAlgorithms } from '../../questions.js';
import { compileKey } from './compile-keys.js';
import type { IssuerSettings } from './schema.js';

export interface CompiledIssuer {
  readonly issuer: string;
  /** Empty: any. */
  readonly audiences: readonly string[];
  /** What is not here is refused. */
  readonly keys: ReadonlyMap<string, KeySource>;
}

const asymmetric = signingAlgorithms.filter((algorithm) => !algorithm.startsWith('HS'));

/** What cannot work goes to `report`, with its place in the issuer. */
export function compileIssuer(
  settings: IssuerSettings,
  audiences: readonly string[],
  report: CompileContext['report'],
): CompiledIssuer {
  const { issuer } = settings;
  const offered =
    settings.keys === undefined ? remoteKeys(settings) : staticKeys(settings.keys, settings.algorithms, report);
  const keys = new Map([...offered].filter(([algorithm]) => settings.algorithms?.includes(algorithm) ?? true));
  settings.algorithms?.forEach((algorithm, index) => {
    if (keys.has(algorithm)) return;
    const isConfused = algorithm.startsWith('HS');
    report(
      ['algorithms', index],
      isConfused
        ? `${algorithm} signs with a secret, and whoever knows a public key could sign with it as one`
        : `none of the keys of ${issuer} is made for ${algorithm}`,
      isConfused ? `take ${algorithm} out, or write a secret under keys` : `take ${algorithm} out, or add such a key`,
    );
  });
  return { issuer, audiences: settings.audiences ?? audiences, keys };
}

function remoteKeys({ issuer, jwks }: IssuerSettings): Map<SigningAlgorithm, KeySource> {
  const source: KeySource =
    jwks === undefined
      ? { from: 'discovery', id: `discovery:${issuer}`, issuer }
      : { from: 'jwks', id: `jwks:${jwks}`, url: jwks };
  return new Map(asymmetric.map((algorithm) => [algorithm, source]));
}

function staticKeys(
  settings: NonNullable<IssuerSettings['keys']>,
  wanted: IssuerSettings['algorithms'],
  report: CompileContext['report'],
): Map<SigningAlgorithm, KeySource> {
  const byAlgorithm = new Map<SigningAlgorithm, StaticKey[]>();
  const kids = new Set<string>();
  settings.forEach((one, index) => {
    const compiled = compileKey(one);
    if (!compiled.ok) {
      report(['keys', index, compiled.at], compiled.detail, compiled.fix);
      return;
    }
    const { key, algorithms } = compiled;
    if (key.kid !== undefined && kids.has(key.kid))
      report(['keys', index, 'kid'], `two keys have the name ${key.kid}`, 'give each key a name of its own');
    if (key.kid !== undefined) kids.add(key.kid);
    for (const algorithm of algorithms) {
      if (wanted?.includes(algorithm) ?? true) byAlgorithm.set(algorithm, [...(byAlgorithm.get(algorithm) ?? []), key]);
    }
  });
  return new Map([...byAlgorithm].map(([algorithm, keys]) => [algorithm, sourceOf(keys)]));
}

// Named by what it holds: other keys never share its cached answers.
function sourceOf(keys: readonly StaticKey[]): KeySource {
  return { from: 'static', id: `static:${hash('sha256', canonicalJson(keys), 'base64url')}`, keys };
}
