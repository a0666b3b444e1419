// QR codes (ISO/IEC 18004) of short texts, drawn here so that no secret goes to a service that draws them: bytes, error correction
// level L, versions 1 to 20, which is 858 bytes. A longer text gives undefined. Names are the standard's.

/** Codewords for error correction in each block, and the number of blocks, by version, at level L. */
const eccPerBlock = [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28];
const blockCounts = [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8];

/** Rows of modules; true is dark. Without the quiet zone of four modules. */
export type QrMatrix = readonly (readonly boolean[])[];

export function qrMatrix(text: string): QrMatrix | undefined {
  const bytes = new TextEncoder().encode(text);
  const version = blockCounts.findIndex((_, index) => bytes.length <= roomOf(index + 1)) + 1;
  if (version === 0) return undefined;
  const codewords = withCorrection(dataCodewords(bytes, version), version);
  const candidates = masks.map((_, mask) => draw(codewords, version, mask));
  return candidates.toSorted((one, other) => penaltyOf(one) - penaltyOf(other))[0];
}

/** Bytes of text that a version holds: what is left of its data after the mode and the length. */
function roomOf(version: number): number {
  return dataCount(version) - (version < 10 ? 2 : 3);
}

function dataCount(version: number): number {
  return codewordCount(version) - (eccPerBlock[version - 1] ?? 0) * (blockCounts[version - 1] ?? 0);
}

function codewordCount(version: number): number {
  const aligned = version === 1 ? 0 : Math.floor(version / 7) + 2;
  const alignment = version === 1 ? 0 : (25 * aligned - 10) * aligned - 55;
  return Math.floor(((16 * version + 128) * version + 64 - alignment - (version >= 7 ? 36 : 0)) / 8);
}

function dataCodewords(bytes: Uint8Array, version: number): number[] {
  const bits = [
    ...bitsOf(0b0100, 4),
    ...bitsOf(bytes.length, version < 10 ? 8 : 16),
    ...[...bytes].flatMap((byte) => bitsOf(byte, 8)),
    ...bitsOf(0, 4),
  ];
  const words: number[] = [];
  for (let at = 0; at + 8 <= bits.length; at += 8) words.push(Number.parseInt(bits.slice(at, at + 8).join(''), 2));
  for (let pad = 0xec; words.length < dataCount(version); pad ^= 0xec ^ 0x11) words.push(pad);
  return words;
}

function bitsOf(value: number, length: number): number[] {
  return Array.from({ length }, (_, index) => (value >>> (length - 1 - index)) & 1);
}

/** The blocks' data and then their corrections, interleaved. */
function withCorrection(data: readonly number[], version: number): number[] {
  const count = blockCounts[version - 1] ?? 1;
  const ecc = eccPerBlock[version - 1] ?? 0;
  const shortLength = Math.floor(data.length / count);
  const longFrom = count - (data.length % count);
  const divisor = generator(ecc);
  let at = 0;
  const blocks = Array.from({ length: count }, (_, index) => {
    const block = data.slice(at, (at += shortLength + (index < longFrom ? 0 : 1)));
    return { block, correction: remainder(block, divisor) };
  });
  const columns = (length: number, of: (index: number) => readonly number[]): number[] =>
    Array.from({ length }, (_, column) => blocks.flatMap((_block, index) => of(index)[column] ?? [])).flat();
  return [
    ...columns(shortLength + 1, (index) => blocks[index]?.block ?? []),
    ...columns(ecc, (index) => blocks[index]?.correction ?? []),
  ];
}

/** In the field of 256 elements modulo x^8 + x^4 + x^3 + x^2 + 1. */
function multiply(one: number, other: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit -= 1) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d);
    product ^= ((other >>> bit) & 1) * one;
  }
  return product;
}

function generator(degree: number): number[] {
  const result: number[] = Array.from({ length: degree }, (_, index) => (index === degree - 1 ? 1 : 0));
  for (let power = 0, root = 1; power < degree; power += 1, root = multiply(root, 2))
    for (let index = 0; index < degree; index += 1)
      result[index] = multiply(result[index] ?? 0, root) ^ (result[index + 1] ?? 0);
  return result;
}

function remainder(data: readonly number[], divisor: readonly number[]): number[] {
  const result = divisor.map(() => 0);
  for (const word of data) {
    const factor = word ^ (result.shift() ?? 0);
    result.push(0);
    for (const [index, coefficient] of divisor.entries())
      result[index] = (result[index] ?? 0) ^ multiply(coefficient, factor);
  }
  return result;
}

const masks: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

function draw(codewords: readonly number[], version: number, mask: number): boolean[][] {
  const size = version * 4 + 17;
  const dark = Array.from({ length: size }, () => Array.from({ length: size }, () => false));
  const isFixed = Array.from({ length: size }, () => Array.from({ length: size }, () => false));
  const fix = (x: number, y: number, value: boolean): void => {
    const row = dark[y];
    const fixedRow = isFixed[y];
    if (row === undefined || fixedRow === undefined || x < 0 || x >= size) return;
    row[x] = value;
    fixedRow[x] = true;
  };
  for (let at = 0; at < size; at += 1) {
    fix(6, at, at % 2 === 0);
    fix(at, 6, at % 2 === 0);
  }
  for (const [x, y] of [
    [3, 3],
    [size - 4, 3],
    [3, size - 4],
  ] as const)
    around(4, (dx, dy, far) => fix(x + dx, y + dy, far !== 2 && far !== 4));
  const centres = alignmentCentres(version);
  for (const [row, y] of centres.entries())
    for (const [column, x] of centres.entries()) {
      const last = centres.length - 1;
      const isAtFinder = (row === 0 && (column === 0 || column === last)) || (row === last && column === 0);
      if (!isAtFinder) around(2, (dx, dy, far) => fix(x + dx, y + dy, far !== 1));
    }
  drawFormat(fix, size, mask);
  if (version >= 7) drawVersion(fix, size, version);
  fill(dark, isFixed, codewords);
  return dark.map((row, y) => row.map((value, x) => value !== (isFixed[y]?.[x] === false && masks[mask]?.(x, y))));
}

/** `far`: how far from the centre, as a chess king walks. */
function around(radius: number, visit: (dx: number, dy: number, far: number) => void): void {
  for (let dy = -radius; dy <= radius; dy += 1)
    for (let dx = -radius; dx <= radius; dx += 1) visit(dx, dy, Math.max(Math.abs(dx), Math.abs(dy)));
}

function alignmentCentres(version: number): number[] {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = Math.floor((version * 8 + count * 3 + 5) / (count * 4 - 4)) * 2;
  return [6, ...Array.from({ length: count - 1 }, (_, index) => version * 4 + 10 - index * step).toReversed()];
}

type Fix = (x: number, y: number, value: boolean) => void;

function drawFormat(fix: Fix, size: number, mask: number): void {
  // Level L is 01.
  const data = (0b01 << 3) | mask;
  const bits = ((data << 10) | bch(data, 10, 0x537)) ^ 0x5412;
  const bit = (index: number): boolean => ((bits >>> index) & 1) === 1;
  for (let index = 0; index < 15; index += 1) {
    const along = index < 6 ? index : index < 8 ? index + 1 : size - 15 + index;
    fix(8, along, bit(index));
    const across = index < 8 ? size - 1 - index : index === 8 ? 7 : 14 - index;
    fix(across, 8, bit(index));
  }
  fix(8, size - 8, true);
}

function drawVersion(fix: Fix, size: number, version: number): void {
  const bits = (version << 12) | bch(version, 12, 0x1f25);
  for (let index = 0; index < 18; index += 1) {
    const value = ((bits >>> index) & 1) === 1;
    const [near, far] = [Math.floor(index / 3), size - 11 + (index % 3)];
    fix(far, near, value);
    fix(near, far, value);
  }
}

function bch(data: number, degree: number, divisor: number): number {
  let rest = data;
  for (let bit = 0; bit < degree; bit += 1) rest = (rest << 1) ^ ((rest >>> (degree - 1)) * divisor);
  return rest;
}

/** In columns of two, upwards and downwards in turn, from the right. */
function fill(dark: boolean[][], isFixed: readonly (readonly boolean[])[], codewords: readonly number[]): void {
  const size = dark.length;
  let at = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    const isUpward = ((right + 1) & 2) === 0;
    for (let step = 0; step < size; step += 1) {
      const y = isUpward ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        const row = dark[y];
        if (row === undefined || isFixed[y]?.[x] !== false || at >= codewords.length * 8) continue;
        row[x] = (((codewords[at >>> 3] ?? 0) >>> (7 - (at & 7))) & 1) === 1;
        at += 1;
      }
    }
  }
}

/** The standard's rules on runs, squares and balance; that on what looks like a finder is left out, at the cost of a slower scan. */
function penaltyOf(matrix: QrMatrix): number {
  const columns = matrix.map((_, x) => matrix.map((row) => row[x] === true));
  let penalty = 0;
  for (const line of [...matrix, ...columns]) {
    const runs =
      line
        .map((value) => (value ? '1' : '0'))
        .join('')
        .match(/0{5,}|1{5,}/g) ?? [];
    for (const run of runs) penalty += run.length - 2;
  }
  let darkCount = 0;
  for (const [y, row] of matrix.entries())
    for (const [x, value] of row.entries()) {
      darkCount += value ? 1 : 0;
      const below = matrix[y + 1];
      if (row[x + 1] === value && below?.[x] === value && below[x + 1] === value) penalty += 3;
    }
  const share = darkCount / matrix.length ** 2;
  return penalty + Math.floor(Math.abs(share - 0.5) * 20) * 10;
}
