import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exp } from '../../src/special/exp.js';
import { expUnit } from '../../src/special/exp-unit.js';

test('e^x for x <= 0 has the bits of exp, down to where it is subnormal and 0', () => {
  const check = (x: number): void => {
    expect(Object.is(expUnit(x), exp(x)), `x = ${x}`).toBe(true);
  };
  for (let x = -760; x <= -700; x += 0.0101) check(x);
  for (let k = -129; k <= 0; k++)
    for (const shift of [-1e-15, 0, 1e-15]) check(Math.min(0, (k * Math.LN2) / 128 + shift));
  for (const x of [0, -0, -5e-324, -708, -708.0000001, -1e6, -1e308, -Infinity, NaN]) check(x);
  fc.assert(fc.property(fc.double({ min: -750, max: 0, noNaN: true }), check), { numRuns: 3000 });
});
