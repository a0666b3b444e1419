import { expect, test } from 'vitest';
import { policies } from '../policies/index.js';
import { withoutSecrets } from './hidden-secrets.js';

const planted = 'planted-value';

/** Settings with nothing but a text at the place. */
function settingsAt([step, ...rest]: readonly string[]): unknown {
  if (step === undefined) return planted;
  return { [step === '*' ? 'authorization' : step]: settingsAt(rest) };
}

const places = policies.flatMap(({ name, secrets = [] }) =>
  secrets.map(({ at }) => [`${name}: ${at.join('/')}`, at] as const),
);

test.each(places)('who may read the configuration alone does not see what stands at %s', (_, at) => {
  expect(JSON.stringify(withoutSecrets(settingsAt(at)))).not.toContain(planted);
});
