// The regret theorems as written, each evaluated here from its formula.
import { describe, expect, it } from 'vitest';
import {
  binnedContextRegret,
  chebyshevApproximationError,
  shiftLipschitz,
  surrogateConstants,
  surrogateIterationBound,
  tsallisConstantRateRegret,
  tsallisOmegaCostBound,
  tsallisOmegaRegret,
  tsallisRegretBound,
} from '../../../src/linear-solvers/index.js';
import { chebyshevFeatures } from '../../../src/special/index.js';

const close = (actual: number, expected: number) => expect(Math.abs(actual / expected - 1)).toBeLessThan(1e-12);

describe('regret of Tsallis-INF', () => {
  it.each([
    [2, 10, 1],
    [20, 5000, 300],
    [50, 1e6, 0.5],
  ])('d = %d, T = %d, K = %d', (arms, T, K) => {
    close(tsallisRegretBound({ arms, T, K, schedule: 'fixed' }), 2 * K * Math.sqrt(2 * arms * T));
    close(tsallisRegretBound({ arms, T, K, schedule: 'anytime' }), 4 * K * Math.sqrt(arms * T) + 1);
    const paper = K * (4 * (Math.sqrt(arms) - 1) * Math.sqrt(T) + Math.sqrt(arms * T) / 2);
    close(tsallisRegretBound({ arms, T, K, schedule: 'paper' }), paper);
    for (const eta of [0.01, 0.3]) {
      close(
        tsallisConstantRateRegret({ arms, T, K, eta }),
        K * ((4 * (Math.sqrt(arms) - 1)) / eta + (eta * T * Math.sqrt(arms)) / 2),
      );
    }
  });

  it('over a continuum of ω: the grid that balances both errors, and the total', () => {
    const [T, alphaMax, epsilon] = [5000, 0.9, 1e-6];
    const log2 = Math.log(alphaMax) ** 2;
    const { K, gridSizeReal, gridSize, regretBound } = tsallisOmegaRegret({ T, alphaMax, epsilon });
    close(K, Math.log(1e6) / Math.log(1 / 0.9));
    close(gridSizeReal, Math.cbrt(T / 2 / log2));
    expect(gridSize).toBe(Math.ceil(gridSizeReal));
    close(regretBound, 3 * Math.log(1e6) * Math.cbrt((2 * T * T) / log2 ** 2));
    // The bound is the cost bound at that (real) grid size with all α equal.
    const excess = 2 * K * Math.sqrt(2 * gridSizeReal * T) + (T * Math.log(1e6)) / (gridSizeReal * log2);
    expect(excess).toBeLessThanOrEqual(regretBound * (1 + 1e-9));
    const alphas = Array.from({ length: 40 }, (_, t) => 0.5 + t / 100);
    const sum = alphas.reduce((s, alpha) => s + Math.log(1e6) / (7 * Math.log(alpha) ** 2), 0);
    close(tsallisOmegaCostBound({ T: 40, d: 7, K: 9, alphas, epsilon }), 2 * 9 * Math.sqrt(2 * 7 * 40) + sum);
    expect(() => tsallisOmegaCostBound({ T: 3, d: 7, K: 9, alphas, epsilon })).toThrow(/^alphas must have length 3/);
    expect(() => tsallisOmegaCostBound({ T: 1, d: 7, K: 9, alphas: [1], epsilon })).toThrow(/^alpha must/);
  });
});

describe('contexts', () => {
  it('the Lipschitz constant of the shift, and the regret of bins', () => {
    const [beta, dMin, cMin] = [0.95, 4, -0.15];
    const L = ((1 + beta) / (beta * Math.sqrt(1 - beta * beta))) * ((dMin + cMin + 1) / (dMin + cMin)) ** 2;
    close(shiftLipschitz({ betaMax: beta, diagonalMin: dMin, shiftMin: cMin }), L);
    const [T, C, alphaMax, epsilon] = [5000, 0.6, 0.9, 1e-8];
    const expected =
      ((54 * C ** 3 * L ** 3 * T) / Math.log(alphaMax) ** 2) ** 0.25 +
      ((4 * Math.log(1 / epsilon)) / Math.log(1 / alphaMax)) * (24 * C * L * T ** 3) ** 0.25;
    close(binnedContextRegret({ T, C, L, alphaMax, epsilon }), expected);
    expect(() => shiftLipschitz({ betaMax: 1, diagonalMin: 4, shiftMin: 0 })).toThrow(/^betaMax must/);
    expect(() => shiftLipschitz({ betaMax: 0.5, diagonalMin: 1, shiftMin: -1 })).toThrow(/must be positive/);
    expect(() => binnedContextRegret({ T, C: 0, L, alphaMax, epsilon })).toThrow(/^C must/);
  });

  it('Chebyshev series come as near to a Lipschitz function as the theorem says', () => {
    for (const m of [0, 1, 5, 12]) {
      const [L, width] = [3, 0.8];
      const bound = chebyshevApproximationError({ m, L, width });
      close(bound, (L * width * (Math.PI + (2 / Math.PI) * Math.log(2 * m + 1))) / (2 * (m + 1)));
      // |x - centre| times L, by its interpolant in the m + 1 Chebyshev points of [-0.15, 0.65].
      const f = (x: number) => L * Math.abs(x - 0.25);
      const points = Array.from({ length: m + 1 }, (_, k) => 0.25 + 0.4 * Math.cos((Math.PI * (k + 0.5)) / (m + 1)));
      const features = (x: number) => chebyshevFeatures(x, { low: -0.15, high: 0.65, count: m + 1 });
      const coefficients = Array.from(
        { length: m + 1 },
        (_, j) => points.reduce((s, x) => s + f(x) * features(x)[j], 0) * ((j === 0 ? 1 : 2) / (m + 1)),
      );
      for (let x = -0.15; x <= 0.65; x += 0.01) {
        const value = coefficients.reduce((s, c, j) => s + c * features(x)[j], 0);
        expect(Math.abs(value - f(x))).toBeLessThanOrEqual(bound);
      }
    }
  });
});

describe('the surrogate', () => {
  it('is 1 + log(1/ε)/(-log(ρ + τ(1 - ρ))), with its constants', () => {
    const [beta, tau, epsilon, omegaMax] = [0.9, 0.2, 1e-8, 1.7];
    const rho = (w: number) =>
      w >= 2 / (1 + Math.sqrt(1 - beta * beta))
        ? w - 1
        : (w * beta + Math.sqrt((w * beta) ** 2 - 4 * (w - 1))) ** 2 / 4;
    for (const omega of [0.8, 1, 1.3, 1.5, 1.9]) {
      const rate = rho(omega) + tau * (1 - rho(omega));
      close(surrogateIterationBound({ omega, beta, tau, epsilon }), 1 + Math.log(1e8) / -Math.log(rate));
    }
    const { alpha, maxIterations, lipschitz } = surrogateConstants({ beta, tau, epsilon, omegaMax });
    close(alpha, tau + (1 - tau) * Math.max(beta * beta, omegaMax - 1));
    close(maxIterations, 1 + Math.log(1e8) / -Math.log(alpha));
    close(lipschitz, ((1 - tau) * Math.log(1e8)) / (alpha * Math.log(alpha) ** 2));
    close(surrogateConstants({ beta: 0.1, tau, epsilon, omegaMax }).alpha, tau + (1 - tau) * (omegaMax - 1));
  });

  it('has no NaN where the rate is 0', () => {
    expect(surrogateIterationBound({ omega: 1, beta: 0, tau: 0, epsilon: 0.1 })).toBe(1);
    const { alpha, maxIterations, lipschitz } = surrogateConstants({ beta: 0, tau: 0, epsilon: 0.1, omegaMax: 1 });
    expect([alpha, maxIterations, lipschitz]).toEqual([0, 1, Infinity]);
  });
});
