// The numbers of a smoke run, each with what it must be. Pure, so that a test can feed it wrong ones.
import type { Answer } from '../traffic.js';

export interface SmokeNumbers {
  readonly limit: number;
  readonly answers: readonly Answer[];
  /** Units that gateways hold and nobody has spent. */
  readonly unspent: number;
  readonly rows: number;
  readonly distinctRows: number;
  readonly rollup: number;
  readonly usageAccepted: number;
  readonly usageLimited: number;
}

export interface Check {
  readonly name: string;
  readonly value: number;
  readonly must: string;
  readonly isMet: boolean;
}

export function checksOf(numbers: SmokeNumbers): Check[] {
  const { answers, limit, unspent } = numbers;
  const accepted = answers.filter((answer) => answer.status === 200).length;
  const refused = answers.filter((answer) => answer.status === 429).length;
  const canary = answers.filter((answer) => answer.arm === 'canary').length;
  const mislabelled = answers.filter(
    (answer) => answer.status === 200 && (answer.arm === 'canary') !== (answer.version === 'v2'),
  ).length;
  // 60 to 120 of 900: four standard deviations around a tenth.
  const [least, most] = [Math.floor((limit * 60) / 900), Math.ceil((limit * 120) / 900)];
  const gateways = new Set(answers.filter((answer) => answer.status !== 0).map((answer) => answer.gateway)).size;
  return [
    equal('gateways that answered', gateways, 2),
    equal('accepted + unspent', accepted + unspent, limit),
    { name: 'unspent', value: unspent, must: `<= ${limit / 100}`, isMet: unspent >= 0 && unspent <= limit / 100 },
    equal('refused with 429', refused, answers.length - accepted),
    {
      name: 'answered by the canary',
      value: canary,
      must: `${least} to ${most}`,
      isMet: canary >= least && canary <= most,
    },
    equal('answers of an arm by another version', mislabelled, 0),
    equal('rows in ClickHouse', numbers.rows, answers.length),
    equal('distinct request ids in ClickHouse', numbers.distinctRows, answers.length),
    equal('requests in the minute roll-up', numbers.rollup, numbers.rows),
    equal('accepted, by the usage API', numbers.usageAccepted, accepted),
    equal('limited, by the usage API', numbers.usageLimited, refused),
  ];
}

function equal(name: string, value: number, must: number): Check {
  return { name, value, must: String(must), isMet: value === must };
}
