// The secrets of a document: which it refers to, and which stand in it written out, where a reference belongs.
import { secretNameOf, type Document } from '@sluice/contracts';
import type { Finding } from '../findings.js';
import { pointer } from '../findings.js';
import { entryOf } from '../policies/entry-of.js';
import { policyOf } from '../policies/policy-of.js';
import { secretTexts } from './place.js';

export interface SecretUse {
  /** The secret's name. */
  readonly name: string;
  /** What refers to it: `apis/orders`, `apis/orders/routes/list`. */
  readonly object: string;
  /** RFC 6901, into the document. */
  readonly pointer: string;
}

export function secretsIn(document: Document): SecretUse[] {
  return textsOf(document).flatMap(({ text, object, pointer: place }) => {
    const name = secretNameOf(text);
    return name === undefined ? [] : [{ name, object, pointer: place }];
  });
}

/** Secrets that are written out. They are refused where documents are taken in; gateways serve what was let in before. */
export function findInlineSecrets(document: Document): Finding[] {
  return textsOf(document)
    .filter(({ text, isSecret }) => isSecret && secretNameOf(text) === undefined)
    .map(({ object, pointer: place, policy }) => ({
      code: 'secret_inline',
      object,
      pointer: place,
      detail: `the policy ${policy}: a secret stands here in clear`,
      fix: 'set it under a name (sluice secrets set <name>, or PUT secrets/<name>), write secret:<name> here, and replace the value if others may have seen it',
    }));
}

interface FoundText {
  readonly text: string;
  readonly policy: string;
  readonly isSecret: boolean;
  readonly object: string;
  readonly pointer: string;
}

function textsOf({ apis }: Document): FoundText[] {
  const found: FoundText[] = [];
  for (const [api, { policies = [], routes }] of Object.entries(apis)) {
    found.push(...ofList(policies, `apis/${api}`, ['apis', api, 'policies']));
    for (const [index, route] of routes.entries())
      found.push(
        ...ofList(route.policies, `apis/${api}/routes/${route.name}`, ['apis', api, 'routes', index, 'policies']),
      );
  }
  return found;
}

/** @param list of policies; also those of `any` and `all`, which may hold each other once. */
function ofList(list: readonly unknown[], object: string, at: readonly (string | number)[], depth = 0): FoundText[] {
  return list.flatMap((spec, index) => {
    const [name, settings] = entryOf(spec);
    const here = [...at, index, name];
    if ((name === 'any' || name === 'all') && Array.isArray(settings))
      return depth > 1 ? [] : ofList(settings as readonly unknown[], object, here, depth + 1);
    return secretTexts(policyOf(name)?.secrets, settings).map(({ place, text, at: below }) => ({
      text,
      policy: name,
      isSecret: place.isSecret?.(text, String(below.at(-1))) ?? false,
      object,
      pointer: pointer(...here, ...below),
    }));
  });
}
