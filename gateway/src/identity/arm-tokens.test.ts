import { generateKeyPair, SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { createArmTokens } from './arm-tokens.js';
import { TryClock } from './try-clock.js';

const secret = 'a-secret-of-the-fleet-for-tests-alone';
const claims = { environment: 'env_1', route: 'orders/list', arm: 'canary' };

async function wish(more: Record<string, unknown> = {}, by = secret, expS = 1300): Promise<string> {
  return new SignJWT({ ...claims, exp: expS, ...more }).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(by));
}

test('a signed wish is believed for its environment and route, until it ends', async () => {
  const clock = new TryClock();
  const armOf = createArmTokens(secret, clock);
  const token = await wish();
  expect(armOf('env_1', token, 'orders/list')).toBe('canary');
  expect(armOf('env_1', token, 'orders/list')).toBe('canary'); // out of memory
  expect(armOf('env_2', token, 'orders/list')).toBeUndefined();
  expect(armOf('env_1', token, 'orders/other')).toBeUndefined();
  clock.pass(300_000);
  expect(armOf('env_1', token, 'orders/list')).toBeUndefined();
});

test('what is not whole, not ours or endless is not believed', async () => {
  const armOf = createArmTokens(secret, new TryClock());
  const none = Buffer.from('{"alg":"none"}').toString('base64url');
  const body = (await wish()).split('.')[1] ?? '';
  const { privateKey } = await generateKeyPair('EdDSA');
  const longer = new SignJWT({ ...claims, exp: 1300 }).setProtectedHeader({ alg: 'HS512' });
  const refused = [
    '',
    'canary',
    `${none}.${body}.`,
    `${none}.${body}`,
    `${await wish()}x`,
    `${await wish()}.x`,
    await wish({}, 'another-secret-of-nobody-for-tests'),
    await wish({ exp: undefined }),
    await wish({ exp: '1300' }),
    await wish({ arm: undefined }),
    await wish({ route: undefined }),
    await wish({ environment: undefined }),
    await wish({ filler: 'x'.repeat(3000) }),
    await longer.sign(Buffer.from(secret)),
    await new SignJWT({ ...claims, exp: 1300 }).setProtectedHeader({ alg: 'EdDSA' }).sign(privateKey),
  ];
  expect(refused.map((token) => armOf('env_1', token, 'orders/list'))).toEqual(refused.map(() => undefined));
});

test('without the secret nothing is believed', async () => {
  expect(createArmTokens(undefined)('env_1', await wish(), 'orders/list')).toBeUndefined();
});
