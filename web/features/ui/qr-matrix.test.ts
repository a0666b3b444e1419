import { expect, test } from 'vitest';
import { qrMatrix, type QrMatrix } from './qr-matrix';

const drawn = (matrix: QrMatrix | undefined): string[] =>
  (matrix ?? []).map((row) => row.map((isDark) => (isDark ? '#' : '.')).join(''));

test('a short text is drawn as a scanner has read it', () => {
  expect(drawn(qrMatrix('sluice'))).toEqual([
    '#######..#..#.#######',
    '#.....#.#..#..#.....#',
    '#.###.#..#....#.###.#',
    '#.###.#.#..#..#.###.#',
    '#.###.#...###.#.###.#',
    '#.....#.###.#.#.....#',
    '#######.#.#.#.#######',
    '..........###........',
    '#####.####..##.#.#.#.',
    '...##..#..#.#..#.#..#',
    '#..##.#.#.##.#..#.##.',
    '#.##.#.#.......######',
    '##....##..##.#..##...',
    '........#..#####.####',
    '#######.#.#.#.##.###.',
    '#.....#...#####..##.#',
    '#.###.#.##..#......#.',
    '#.###.#.##..#..##....',
    '#.###.#.#.##.#...##..',
    '#.....#.###.....###..',
    '#######.#..#.#.#...#.',
  ]);
});

test('a text takes the smallest version that holds it, and one beyond the largest gives none', () => {
  const sizes = [17, 18, 134, 135, 271, 272, 858].map((length) => qrMatrix('x'.repeat(length))?.length);
  expect(sizes).toEqual([21, 25, 41, 45, 57, 61, 97]);
  expect(qrMatrix('x'.repeat(859))).toBeUndefined();
});

test('bytes count, not letters', () => {
  expect(qrMatrix('é'.repeat(8))?.length).toBe(21);
  expect(qrMatrix('é'.repeat(9))?.length).toBe(25);
});

test('three corners carry the pattern that scanners look for', () => {
  const finder = ['#######', '#.....#', '#.###.#', '#.###.#', '#.###.#', '#.....#', '#######'];
  const rows = drawn(qrMatrix('otpauth://totp/Sluice:ada@example.com?secret=ABC'));
  const end = rows.length - 7;
  expect(rows.slice(0, 7).map((row) => row.slice(0, 7))).toEqual(finder);
  expect(rows.slice(0, 7).map((row) => row.slice(end))).toEqual(finder);
  expect(rows.slice(end).map((row) => row.slice(0, 7))).toEqual(finder);
});
