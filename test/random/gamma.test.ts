import { expect, it } from 'vitest';
import { sampleBeta, sampleGamma } from '../../src/random/index.js';

it('a normal number that leaves nothing of v = (1 + c x)³ but rounding is drawn again', () => {
  // Shape 1: c = 1/sqrt(9 · 2/3); for x = -sqrt(6)(1 - k 1e-9) the cube is below 1e-18, and v - 1 rounds to either side of -1.
  const c = 1 / Math.sqrt(6);
  for (let k = 1; k <= 500; k++) {
    const distance = k * 1e-9;
    const x = -(1 - distance) / c;
    // Polar method with y = 0: x = sign sqrt(-2 ln s), s = u², u = |2 U - 1|.
    const u = Math.exp(-(x * x) / 4);
    const numbers = [(1 - u) / 2, 0.5, 0.9, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5];
    let i = 0;
    const value = sampleGamma(1, () => numbers[i++] ?? (i * 0.618) % 1);
    expect(value).toBeGreaterThan(0);
  }
});

it('a million beta numbers at small shapes are in [0, 1]', () => {
  let seed = 12345;
  const rng = () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 4294967296;
  for (let i = 0; i < 200_000; i++) {
    const x = sampleBeta(1, 1 + (i % 3), rng);
    if (!(x >= 0 && x <= 1)) throw new Error(`got ${x}`);
  }
});
