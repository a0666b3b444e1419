import { expect, test } from 'vitest';
import { Turns } from './turns.js';

test('one has its turn at a time, each owner in rotation however much another has sent', async () => {
  const turns = new Turns(10);
  const had: string[] = [];
  let atOnce = 0;
  const use = (name: string) => async (): Promise<void> => {
    expect((atOnce += 1)).toBe(1);
    await Promise.resolve();
    had.push(name);
    atOnce -= 1;
  };
  const much = ['a1', 'a2', 'a3', 'a4'].map(async (name) => turns.take('a', use(name)));
  const little = ['b1', 'c1'].map(async (name) => turns.take(name.charAt(0), use(name)));
  await Promise.all([...much, ...little]);
  expect(had).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'a4']);
});

test('of one owner only so many wait, others are not refused for it, and a turn that fails is passed on', async () => {
  const turns = new Turns(1);
  const failing = turns.take('a', async () => Promise.reject(new Error('broken')));
  const waiting = turns.take('a', async () => 'had');
  await expect(turns.take('a', async () => 'never')).rejects.toMatchObject({ code: 'too_many_attempts' });
  const other = turns.take('b', async () => 'had too');
  await expect(failing).rejects.toThrow('broken');
  expect(await Promise.all([waiting, other])).toEqual(['had', 'had too']);
  expect(await turns.take('a', async () => 'again')).toBe('again');
});
