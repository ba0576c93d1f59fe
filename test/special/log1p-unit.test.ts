import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { log1p } from '../../src/special/log1p.js';
import { log1pUnit } from '../../src/special/log1p-unit.js';

// Values at 50 digits, each as high + low (make-elementary.py).
const table = JSON.parse(readFileSync(new URL('elementary.json', import.meta.url), 'utf8')) as {
  log1p: [number, number, number][];
};

/** Distance between two doubles of the binade of `value`. */
function ulp(value: number): number {
  const [bits] = new BigInt64Array(Float64Array.of(Math.abs(value)).buffer);
  return new Float64Array(BigInt64Array.of(bits + 1n).buffer)[0] - Math.abs(value);
}

test('log(1 + t) on [0, 1] is within 0.8 ulp of values at 50 digits', () => {
  const rows = table.log1p.filter(([t]) => t >= 0 && t <= 1);
  expect(rows.length).toBeGreaterThan(50);
  for (const [t, high, low] of rows) {
    expect(Math.abs(log1pUnit(t) - high - low), `t = ${t}`).toBeLessThanOrEqual(0.9 * ulp(high));
  }
});

test('it is log1p to a few ulp everywhere, on both sides of every edge of its bins', () => {
  const check = (t: number) => {
    const expected = log1p(t);
    expect(Math.abs(log1pUnit(t) - expected), `t = ${t}`).toBeLessThanOrEqual(2.3 * ulp(expected));
  };
  for (let j = 0; j <= 128; j++) {
    const edge = j / 128;
    for (const t of [edge * (1 - 2 ** -53), edge, edge * (1 + 2 ** -52), edge + 2 ** -9]) if (t <= 1) check(t);
  }
  fc.assert(fc.property(fc.double({ min: 0, max: 1, noNaN: true }), check), { numRuns: 2000 });
  fc.assert(
    fc.property(fc.double({ min: -740, max: 0, noNaN: true }), (x) => check(Math.exp(x))),
    { numRuns: 2000 },
  );
});

test('the ends are exact: 0, the smallest number, and ln 2 at 1', () => {
  expect([log1pUnit(0), log1pUnit(5e-324), log1pUnit(1)]).toEqual([0, 5e-324, Math.LN2]);
  expect(log1pUnit(NaN)).toBeNaN();
});
