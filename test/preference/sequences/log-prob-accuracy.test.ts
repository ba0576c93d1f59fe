// The log-probability of a label to a relative error of 1e-12, against sums in integers: also where it is nearly 0.
import { describe, expect, it } from 'vitest';
import { sequenceLogProbs, sequenceLogProbsBackward } from '../../../src/preference/index.js';
import { createRng } from '../../../src/random/create-rng.js';

const V = 32_000;
/** Fixed point with 112 fractional bits. */
const BITS = 112n;
const ONE = 1n << BITS;

/** A double as an integer multiple of 2^-112, exact for |x| >= 2^-59 and rounded below. */
function fixed(x: number): bigint {
  const [bits] = new BigInt64Array(Float64Array.of(Math.abs(x)).buffer);
  const exponent = Number(bits >> 52n);
  const mantissa = exponent === 0 ? bits : (bits & ((1n << 52n) - 1n)) | (1n << 52n);
  const shift = BigInt(Math.max(exponent, 1) - 1075 + 112);
  const value = shift >= 0n ? mantissa << shift : mantissa >> -shift;
  return x < 0 ? -value : value;
}

const LN2 = (() => {
  let sum = 0n; // Σ 1/(k 2^k)
  for (let k = 1n; k <= 120n; k++) sum += ONE / (k << k);
  return sum;
})();

/** e^z of z <= 0 in fixed point: z = -n ln 2 + r, the series of e^r. */
function expFixed(z: bigint): bigint {
  const n = -z / LN2;
  if (n > BITS) return 0n;
  const r = z + n * LN2;
  let term = ONE;
  let sum = ONE;
  for (let k = 1n; k < 60n && term !== 0n; k++) {
    term = ((term * r) >> BITS) / k;
    sum += term;
  }
  return sum >> n;
}

/** log(1 + t) of t >= 0 in fixed point: halvings of 1 + t, then the series of artanh. */
function log1pFixed(t: bigint): bigint {
  let u = ONE + t;
  let halvings = 0n;
  while (u >= 2n * ONE) {
    u = (u + 1n) >> 1n;
    halvings += 1n;
  }
  const y = ((u - ONE) * ONE) / (u + ONE);
  const square = (y * y) / ONE;
  let power = y;
  let sum = 0n;
  for (let k = 1n; power !== 0n && k < 400n; k += 2n) {
    sum += power / k;
    power = (power * square) / ONE;
  }
  return 2n * sum + halvings * LN2;
}

const toNumber = (x: bigint): number => Number(x) / 2 ** 112;

/** log p of any label of a row from the definition, with e^(x_v - max) summed exactly. */
function oracle(row: ArrayLike<number>): (label: number) => number {
  let top = 0;
  for (let v = 1; v < row.length; v++) if (row[v] > row[top]) top = v;
  const largest = fixed(row[top]);
  let rest = 0n;
  for (let v = 0; v < row.length; v++) if (v !== top && row[v] > -Infinity) rest += expFixed(fixed(row[v]) - largest);
  const logSum = log1pFixed(rest);
  return (label) => toNumber(fixed(row[label]) - largest - logSum);
}

const rng = createRng('log-prob accuracy');
const rows: [string, () => number][] = [
  ['spread over 30 nats', () => 10 * (rng() + rng() + rng())],
  ['all nearly equal, so that every term counts', () => 1e-3 * rng()],
  [
    'rising, so that the maximum moves in every piece',
    (() => {
      let x = -20;
      return () => (x += 1e-3 * rng());
    })(),
  ],
  ['large and negative', () => -1e4 - 3 * rng()],
];

const KINDS: [string, (draw: () => number) => Float64Array | Float32Array][] = [
  ['Float64Array', (draw) => Float64Array.from({ length: V }, draw)],
  ['Float32Array', (draw) => Float32Array.from({ length: V }, draw)],
];

describe.each(KINDS)('%s: the relative error is at most 1e-12', (_kind, row) => {
  it.each(rows)('%s', (_, draw) => {
    const logits = row(draw);
    const labels = [0, 7, 511, 512, V - 1, logits.indexOf(Math.max(...logits))];
    const logP = oracle(logits);
    for (const label of labels) {
      const { sum } = sequenceLogProbs({ logits, labels: [label], shape: [1, 1, V] }, { shift: false });
      const exact = logP(label);
      expect(Math.abs(sum[0] - exact), `label ${label}`).toBeLessThanOrEqual(1e-12 * Math.abs(exact));
    }
  });

  it.each([12, 30])('a label that leads by %d nats and has nearly all the probability', (lead) => {
    const logits = row(() => 2 * rng() - 1);
    const label = 20_011;
    logits[label] = lead;
    const input = { logits, labels: [label], shape: [1, 1, V] } as const;
    const { sum } = sequenceLogProbs(input, { shift: false });
    const exact = oracle(logits)(label);
    expect(exact).toBeLessThan(0);
    expect(exact).toBeGreaterThan(-1);
    expect(Math.abs(sum[0] - exact)).toBeLessThanOrEqual(1e-12 * Math.abs(exact));
    // its gradient 1 - p = -expm1(log p), as small as that
    const gradient = sequenceLogProbsBackward(input, [1], { shift: false })[label];
    expect(Math.abs(gradient / -Math.expm1(exact) - 1)).toBeLessThanOrEqual(1e-12);
  });
});

it('a row that starts with thousands of impossible tokens, or holds nothing else but one', () => {
  const logits = new Float64Array(2000).fill(-Infinity);
  logits[1999] = -3;
  const at = (label: number) =>
    sequenceLogProbs({ logits, labels: [label], shape: [1, 1, 2000] }, { shift: false, allowZeroProb: true }).sum[0];
  expect([at(1999), at(0)]).toEqual([0, -Infinity]);
  logits[1000] = -3;
  expect(at(1000)).toBe(-Math.LN2);
  logits[3] = NaN;
  expect(() => at(1000)).toThrow(/^logits\[3\] must be below Infinity, got NaN/);
  logits[3] = Infinity;
  expect(() => at(1000)).toThrow(/^logits\[3\] must be below Infinity, got Infinity/);
  expect(() => at.call(null, logits.fill(-Infinity).length - 1)).toThrow(/are all -Infinity/);
});
