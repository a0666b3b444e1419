// The computation behind "AA": OKLCH to linear sRGB (Ottosson's matrices), WCAG's relative luminance, contrast.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync(new URL('tokens.css', import.meta.url), 'utf8');
const pattern = /--(?<name>[\w-]+): light-dark\(oklch\((?<light>[^)]+)\), oklch\((?<dark>[^)]+)\)\);/g;
const tokens = new Map([...css.matchAll(pattern)].map(({ groups }) => [groups?.['name'] ?? '', groups]));

describe.each(['light', 'dark'])('%s', (theme) => {
  const text: [string[], string[]][] = [
    [
      ['text', 'text-2', 'text-3', 'link'],
      ['surface', 'canvas', 'sunken', 'hover', 'selected'],
    ],
    [
      ['ok', 'warn', 'bad', 'info', 'limited'],
      ['surface', 'canvas', 'sunken', 'hover'],
    ],
    [['on-accent'], ['accent', 'accent-hover', 'bad-solid']],
    [['ok'], ['ok-tint']],
    [['warn'], ['warn-tint']],
    [['bad'], ['bad-tint']],
    [['info'], ['info-tint']],
    [['limited'], ['limited-tint']],
    [['text'], ['ok-tint', 'warn-tint', 'bad-tint', 'info-tint', 'limited-tint']],
  ];
  test.each(pairs(text))('%s is readable on %s: 4.5 to 1', (front, back) => {
    expect(contrast(theme, front, back)).toBeGreaterThanOrEqual(4.5);
  });

  const shapes: [string[], string[]][] = [
    [
      ['border-control', 'ring'],
      ['surface', 'canvas', 'sunken'],
    ],
    [['chart-1', 'chart-2', 'chart-3', 'chart-4', 'chart-5', 'chart-6', 'chart-other'], ['surface']],
    [['s2xx', 's3xx', 's4xx', 's429', 's5xx', 'p50', 'p95', 'p99'], ['surface']],
  ];
  test.each(pairs(shapes))('%s is visible on %s: 3 to 1', (front, back) => {
    expect(contrast(theme, front, back)).toBeGreaterThanOrEqual(3);
  });
});

test('the computation agrees with the known contrast of black on white', () => {
  expect(ratio([0, 0, 0], [1, 0, 0])).toBeCloseTo(21, 1);
});

function pairs(groups: [string[], string[]][]): [string, string][] {
  return groups.flatMap(([fronts, backs]) =>
    fronts.flatMap((front) => backs.map((back): [string, string] => [front, back])),
  );
}

function contrast(theme: string, front: string, back: string): number {
  return ratio(oklch(theme, front), oklch(theme, back));
}

function oklch(theme: string, name: string): [number, number, number] {
  const parts = tokens.get(name)?.[theme]?.split(' ').map(Number) ?? [];
  const [lightness, chroma, hue] = parts;
  if (lightness === undefined || chroma === undefined || hue === undefined) throw new Error(`no token --${name}`);
  return [lightness, chroma, hue];
}

function ratio(front: [number, number, number], back: [number, number, number]): number {
  const [low, high] = [luminance(front), luminance(back)].toSorted((left, right) => left - right);
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
}

function luminance([lightness, chroma, hue]: [number, number, number]): number {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const red = clamp(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  const green = clamp(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  const blue = clamp(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
