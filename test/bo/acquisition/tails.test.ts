import { describe, expect, it } from 'vitest';
import * as bo from '../../../src/bo/index.js';

// Far out the logarithms have simple forms: ln Φ(-a) ~ -a²/2 - ln(a √(2π)), ln h(-a) ~ -a²/2 - ln(a² √(2π)), with slopes
// a + 1/a and a + 2/a. A derivative as the exponential of a difference of squares would be noise from 1e7 on.
const distances = [50, 1e3, 1e5, 1e7, 1e8];
const HALF_LOG_2PI = 0.5 * Math.log(2 * Math.PI);

function near(actual: number, expected: number, relative: number) {
  expect(Math.abs(actual / expected - 1)).toBeLessThan(relative);
}

describe.each([true, false])('a deviations short of the incumbent, maximize %s', (maximize) => {
  const sign = maximize ? 1 : -1;
  it.each(distances)('a = %d: ln PI and ln EI have their asymptotic values and slopes', (a) => {
    const std = 0.5;
    const mean = -sign * a * std;
    const pi = bo.logProbabilityOfImprovement(mean, std, { best: 0, maximize });
    const ei = bo.logExpectedImprovement(mean, std, { best: 0, maximize });
    const error = 4 / (a * a) + 1e-13;
    near(pi.value, -(a * a) / 2 - Math.log(a) - HALF_LOG_2PI, error);
    near(ei.value, -(a * a) / 2 - 2 * Math.log(a) - HALF_LOG_2PI + Math.log(std), error);
    near(sign * pi.dMean * std, a + 1 / a, error);
    near(sign * ei.dMean * std, a + 2 / a, error);
    near(pi.dStd * std, a * a + 1, error);
    near(ei.dStd * std, a * a + 3, error);
  });

  it.each(distances)('a = %d the other way: improvement is certain', (a) => {
    const mean = sign * a;
    expect(Object.values(bo.logProbabilityOfImprovement(mean, 1, { best: 0, maximize })).map(Math.abs)).toEqual([
      0, 0, 0,
    ]);
    expect(bo.probabilityOfImprovement(mean, 1, { best: 0, maximize }).value).toBe(1);
    near(bo.expectedImprovement(mean, 1, { best: 0, maximize }).value, a, 1e-14);
    near(bo.logExpectedImprovement(mean, 1, { best: 0, maximize }).dMean * sign, 1 / a, 1e-14);
  });

  it.each(distances)('a = %d: entropies are finite, and fall to what a known maximum leaves', (a) => {
    const mean = -sign * a;
    for (const rule of [
      bo.maxValueEntropyRule({ optimumSamples: [0], maximize }),
      bo.gibbonRule({ optimumSamples: [0], maximize, noise: 0.1 }),
    ]) {
      // The optimum far above tells nothing; far below it would be a contradiction, and tells ever more.
      expect(Object.values(rule(mean, 1)).map(Math.abs)).toEqual([0, 0, 0]);
      const { value, dMean, dStd } = rule(-mean, 1);
      expect([value, dMean, dStd].every(Number.isFinite)).toBe(true);
      expect(value).toBeGreaterThan(0);
    }
    // γ q/2 - ln Φ(γ) at γ = -a is ln a + ½ ln 2π - ½ up to 1/a².
    const mes = bo.maxValueEntropySearch(-mean, 1, { optimumSamples: [0], maximize });
    near(mes.value, Math.log(a) + HALF_LOG_2PI - 0.5, 4 / (a * a) + 1e-14);
    near(mes.dMean * sign, 1 / a, 40 / (a * a) + 1e-7);
  });
});

describe('the probability of an interval', () => {
  it.each(distances)('one-sided at a = %d is that of an improvement', (a) => {
    const feasible = bo.logFeasibility(a, 2, { upper: 0 });
    const improved = bo.logProbabilityOfImprovement(a, 2, { best: 0, maximize: false });
    expect(feasible).toEqual(improved);
    expect(bo.logFeasibility(-a, 2, { lower: 0 }).dMean).toBe(-feasible.dMean);
  });

  it.each(distances)('of width 1/a at distance a = %d is that of an exponential law', (a) => {
    for (const side of [1, -1]) {
      // Φ(-a) (1 - e^-1) as a grows.
      const [lower, upper] = side > 0 ? [a, a + 1 / a] : [-a - 1 / a, -a];
      const { value, dMean } = bo.logFeasibility(0, 1, { lower, upper });
      const tail = -(a * a) / 2 - Math.log(a) - HALF_LOG_2PI + Math.log(1 - Math.exp(-1));
      near(value, tail, 10 / (a * a) + 1e-13);
      near(dMean * side, a, 10 / (a * a) + 1e-7);
    }
  });

  it('does not break where the branches meet, nor at widths near 0', () => {
    for (const middle of [-40, -7, -1.25, -0.25, 0, 0.5, 2, 12]) {
      for (const width of [2 ** -40, 0.9e-4, 1.1e-4, 1e-3, 0.1, 1, 5, 60]) {
        const at = (m: number, w: number, mean = 0, std = 1) =>
          bo.logFeasibility(mean, std, { lower: m - w / 2, upper: m + w / 2 });
        const { value, dMean, dStd } = at(middle, width);
        if (width < 1e-3) near(value, -(middle * middle) / 2 - HALF_LOG_2PI + Math.log(width), 1e-6);
        const h = 1e-5;
        const byMean = (at(middle, width, h).value - at(middle, width, -h).value) / (2 * h);
        const byStd = (at(middle, width, 0, 1 + h).value - at(middle, width, 0, 1 - h).value) / (2 * h);
        // 1e-16 of |ln P| over h, and third derivatives of the order of the middle's fourth power.
        const tolerance = 1e-6 * (1 + middle ** 2);
        expect(Math.abs(dMean - byMean)).toBeLessThan(tolerance);
        expect(Math.abs(dStd - byStd)).toBeLessThan(tolerance * 10);
      }
    }
  });

  it('of width 0 has none, and no slope', () => {
    expect(bo.logFeasibility(0.3, 1, { lower: 0.5, upper: 0.5 })).toEqual({ value: -Infinity, dMean: 0, dStd: 0 });
    expect(bo.logFeasibility(0.3, 1, {})).toEqual({ value: 0, dMean: 0, dStd: 0 });
  });
});

it('local penalization keeps its slope where the penalty is far in its tail', () => {
  const gp = bo.gpCondition(bo.matern52({ lengthscale: 0.3 }), [[0.2], [0.7]], [0, 1], { noise: 1e-12 });
  const flat = { value: (_x: Float64Array, g?: Float64Array) => (g?.fill(0), 0) };
  const rng = () => 0.5;
  const penalized = bo.localPenalization(gp, flat, {
    pending: [[0.7]],
    optimum: 2,
    lipschitz: 1,
    bounds: [[0, 1]],
    rng,
  });
  // The pending point is known to 1e-6: (0.1 - 1)/1e-6 deviations outside.
  const gradient = new Float64Array(1);
  const value = penalized.value(Float64Array.of(0.8), gradient);
  const std = bo.gpPosterior(gp).at(Float64Array.of(0.7), false).std;
  near(value, -0.5 * (0.9 / std) ** 2, 1e-4);
  near(gradient[0], 0.9 / (std * std), 1e-4);
});
