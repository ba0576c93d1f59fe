// Identities and limits of the samplers that hold for every input.
import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import {
  dualAveraging,
  hmc,
  leapfrog,
  mcmcDiagnostics,
  sghmc,
  sghmcStep,
  sliceSample,
} from '../../src/inference/index.js';
import { createRng, sampleNormal } from '../../src/random/index.js';
import { normalQuantile } from '../../src/special/index.js';

const coordinate = fc.double({ min: -3, max: 3, noNaN: true });
const phase = fc.integer({ min: 1, max: 5 }).chain((d) =>
  fc.record({
    position: fc.array(coordinate, { minLength: d, maxLength: d }),
    momentum: fc.array(coordinate, { minLength: d, maxLength: d }),
    mass: fc.array(fc.double({ min: 0.3, max: 3, noNaN: true }), { minLength: d, maxLength: d }),
  }),
);

/** A density that is not Gaussian: log π = -Σ θ⁴/4 - Σ θ_i θ_{i+1} / 2. */
function quartic(theta: Float64Array, gradient: Float64Array): number {
  let value = 0;
  gradient.fill(0);
  for (let i = 0; i < theta.length; i++) {
    value -= theta[i] ** 4 / 4;
    gradient[i] -= theta[i] ** 3;
    if (i + 1 < theta.length) {
      value -= 0.5 * theta[i] * theta[i + 1];
      gradient[i] -= 0.5 * theta[i + 1];
      gradient[i + 1] -= 0.5 * theta[i];
    }
  }
  return value;
}

test('leapfrog is reversible whatever the density, the masses and the step', () => {
  fc.assert(
    fc.property(
      phase,
      fc.integer({ min: 1, max: 30 }),
      fc.double({ min: 0.001, max: 0.1, noNaN: true }),
      (at, steps, step) => {
        const options = { step, steps, mass: at.mass };
        const there = leapfrog(quartic, at, options);
        const back = leapfrog(quartic, { position: there.position, momentum: there.momentum.map((p) => -p) }, options);
        at.position.forEach((x, i) => expect(Math.abs(back.position[i] - x)).toBeLessThan(1e-9));
        at.momentum.forEach((p, i) => expect(Math.abs(back.momentum[i] + p)).toBeLessThan(1e-9));
        expect(back.energyError + there.energyError).toBeCloseTo(0, 9);
      },
    ),
  );
});

test('leapfrog keeps volume: the Jacobian of one step has determinant one', () => {
  fc.assert(
    fc.property(coordinate, coordinate, fc.double({ min: 0.01, max: 0.5, noNaN: true }), (x, p, step) => {
      const map = (position: number, momentum: number) => {
        const end = leapfrog(quartic, { position: [position], momentum: [momentum] }, { step, steps: 3 });
        return [end.position[0], end.momentum[0]];
      };
      const h = 1e-5;
      const dx = map(x + h, p).map((v, i) => (v - map(x - h, p)[i]) / (2 * h));
      const dp = map(x, p + h).map((v, i) => (v - map(x, p - h)[i]) / (2 * h));
      const size = 1 + Math.abs(dx[0] * dp[1]) + Math.abs(dx[1] * dp[0]);
      // central differences err by h² times third derivatives, which the cubic force makes grow with the flow's cube
      expect(Math.abs(dx[0] * dp[1] - dx[1] * dp[0] - 1) / size ** 3).toBeLessThan(1e-6);
    }),
    { numRuns: 50 },
  );
});

test('leapfrog on a constant density is a straight flight', () => {
  const flat = (_theta: Float64Array, gradient: Float64Array) => {
    gradient.fill(0);
    return 0;
  };
  const end = leapfrog(flat, { position: [1, 2], momentum: [3, -1] }, { step: 0.25, steps: 4, mass: [1, 2] });
  expect(Array.from(end.position)).toEqual([4, 1.5]);
  expect(end.energyError).toBe(0);
});

test('the burn-in brings the acceptance within 0.1 of its target on densities of several shapes', () => {
  const densities = {
    quartic,
    gaussian: (theta: Float64Array, gradient: Float64Array) => {
      let value = 0;
      for (let i = 0; i < theta.length; i++) {
        gradient[i] = -theta[i] / (1 + i);
        value -= (theta[i] * theta[i]) / (2 * (1 + i));
      }
      return value;
    },
  };
  for (const [name, density] of Object.entries(densities)) {
    for (const targetAccept of [0.65, 0.8, 0.9]) {
      const rng = createRng('target', name, targetAccept);
      const run = hmc(density, new Float64Array(6).fill(0.1), rng, {
        samples: 1500,
        burnIn: 800,
        stepSize: 0.4,
        pathLength: 1.5,
        targetAccept,
      });
      expect(Math.abs(run.acceptanceRate - targetAccept), `${name} ${targetAccept}`).toBeLessThan(0.1);
    }
  }
});

test('HMC samples the right law of a density that is not Gaussian', () => {
  // log π = -x⁴/4: E x² = 2 Γ(3/4)/Γ(1/4) = 0.675978...
  const { samples } = hmc(quartic, [0.5], createRng('quartic'), {
    samples: 6000,
    burnIn: 500,
    stepSize: 0.5,
    pathLength: 1.6,
  });
  const squares = mcmcDiagnostics([samples.map((x) => x * x)]);
  expect(Math.abs(squares.mean - 0.6759782400671)).toBeLessThan(6 * squares.standardErrorOfMean);
});

test('one mass for all is a mass of one for each', () => {
  const one = hmc(quartic, [0.1, 0.1], createRng('a'), { samples: 50, burnIn: 20, stepSize: 0.2 });
  const same = hmc(quartic, [0.1, 0.1], createRng('a'), { samples: 50, burnIn: 20, stepSize: 0.2, mass: [1, 1] });
  expect(same.samples).toEqual(one.samples);
});

test('slice sampling follows the exponential law', () => {
  const density = (x: Float64Array) => (x[0] < 0 ? -Infinity : -x[0]);
  const { samples, evaluations } = sliceSample(density, [1], createRng('exponential'), { samples: 8000 });
  for (const level of [0.1, 0.5, 1, 2, 4]) {
    const below = mcmcDiagnostics([samples.map((x) => (x <= level ? 1 : 0))]);
    expect(Math.abs(below.mean - (1 - Math.exp(-level))), `${level}`).toBeLessThan(6 * below.standardErrorOfMean);
  }
  expect(evaluations).toBeGreaterThan(8100);
});

test('SGHMC draws one normal a parameter and step, and the batch has the stream to itself', () => {
  const still = (_theta: Float64Array, _rng: () => number, out: Float64Array) => out.fill(0);
  const run = sghmc(still, [0], createRng('still'), { steps: 3, burnIn: 0, keepEvery: 1, step: 0.1, friction: 0.5 });
  const rng = createRng('still');
  let state = { position: 0, velocity: 0 };
  for (let t = 0; t < 3; t++) {
    state = sghmcStep(state, 0, sampleNormal(rng), { step: 0.1, friction: 0.5, gradientSquareMean: 1 });
    expect(run.samples[t]).toBe(state.position);
  }
});

test('SGHMC learns its scales in the burn-in as its formulas say, and keeps them after it', () => {
  const [step, friction, epsilon] = [0.1, 0.3, 1e-16];
  const slope = (x: number, i: number) => (i + 1) * x + 0.2;
  const gradient = (theta: Float64Array, _rng: () => number, out: Float64Array) =>
    theta.forEach((x, i) => (out[i] = slope(x, i)));
  const options = { steps: 12, burnIn: 7, keepEvery: 1, step, friction };
  const run = sghmc(gradient, [0.5, -1], createRng('scales'), options);
  const rng = createRng('scales');
  const state = [0.5, -1].map((x) => ({ x, v: 0, tau: 1, g: 1, V: 1 }));
  for (let t = 0; t < 12; t++) {
    state.forEach((s, i) => {
      const g = slope(s.x, i);
      if (t < 7) {
        const weight = 1 / (s.tau + 1);
        s.tau += 1 - (s.tau * s.g ** 2) / (s.V + epsilon);
        s.g += weight * (g - s.g);
        s.V += weight * (g ** 2 - s.V);
      }
      const inverse = 1 / (Math.sqrt(s.V) + epsilon);
      const noise = Math.max(2 * step ** 2 * friction * inverse - step ** 4, 1e-16);
      s.v += -(step ** 2) * inverse * g - friction * s.v + Math.sqrt(noise) * sampleNormal(rng);
      s.x += s.v;
    });
    if (t >= 7) state.forEach((s, i) => expect(run.samples[2 * (t - 7) + i]).toBeCloseTo(s.x, 12));
  }
  expect(state[0].V).not.toBeCloseTo(state[1].V, 3); // the scales did differ
});

test('dual averaging: the three forms of out agree, and steps fall after rejections', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 }), (accepts) => {
      const averaging = dualAveraging({ initialStep: 0.3 });
      let fresh = averaging.init();
      const inPlace = averaging.init();
      const other = averaging.init();
      for (const a of accepts) {
        const next = averaging.update(fresh, a);
        averaging.update(fresh, a, other);
        averaging.update(inPlace, a, inPlace);
        expect(other).toEqual(next);
        expect(inPlace).toEqual(next);
        expect(averaging.step(averaging.update(fresh, 0))).toBeLessThanOrEqual(averaging.step(next));
        fresh = next;
      }
    }),
  );
});

test('diagnostics are blind to what ranks are blind to, and follow shifts and scales', () => {
  const rng = createRng('ranks');
  const chains = Array.from({ length: 3 }, () => Float64Array.from({ length: 101 }, () => sampleNormal(rng)));
  const plain = mcmcDiagnostics(chains);
  const cubed = mcmcDiagnostics(chains.map((chain) => chain.map((x) => x * x * x)));
  expect(cubed.bulkEss).toBeCloseTo(plain.bulkEss, 8);
  expect(cubed.tailEss).toBeCloseTo(plain.tailEss, 8);
  const moved = mcmcDiagnostics(chains.map((chain) => chain.map((x) => 3 * x + 100)));
  expect(moved.standardErrorOfMean).toBeCloseTo(3 * plain.standardErrorOfMean, 8);
  // the two draws beside the median are equally far from it: only a scale without rounding keeps the tie
  expect(mcmcDiagnostics(chains.map((chain) => chain.map((x) => 4 * x))).rHat).toBeCloseTo(plain.rHat, 12);
});

test('R-hat and effective sizes as their papers write them, slowly', () => {
  const rng = createRng('oracle');
  const chains = Array.from({ length: 2 }, () => {
    let x = 0;
    return Array.from({ length: 40 }, () => (x = 0.5 * x + sampleNormal(rng)));
  });
  const halves = chains.flatMap((chain) => [chain.slice(0, 20), chain.slice(20)]);
  const flat = halves.flat();
  const z = (values: number[]) => {
    const sorted = [...values].sort((a, b) => a - b);
    return values.map((v) =>
      normalQuantile(((sorted.indexOf(v) + sorted.lastIndexOf(v)) / 2 + 1 - 3 / 8) / (values.length + 1 / 4)),
    );
  };
  const regroup = (values: number[]) => halves.map((_, c) => values.slice(20 * c, 20 * c + 20));
  const average = (values: number[]) => values.reduce((total, v) => total + v, 0) / values.length;
  const spread = (values: number[]) =>
    values.reduce((total, v) => total + (v - average(values)) ** 2, 0) / (values.length - 1);
  const rHat = (groups: number[][]) => {
    const W = average(groups.map(spread));
    const B = 20 * spread(groups.map(average));
    return Math.sqrt(((19 / 20) * W + B / 20) / W);
  };
  const ess = (groups: number[][]) => {
    const W = average(groups.map(spread));
    const varPlus = (19 / 20) * W + spread(groups.map(average));
    const rho = (lag: number) => {
      const s2rho = average(
        groups.map((g) => g.slice(lag).reduce((total, v, i) => total + (v - average(g)) * (g[i] - average(g)), 0) / 20),
      );
      return lag === 0 ? 1 : 1 - (W - s2rho) / varPlus;
    };
    const pairs: number[] = [];
    for (let k = 0; 2 * k + 1 < 20; k++) {
      const pair = rho(2 * k) + rho(2 * k + 1);
      if (pair <= 0) break;
      pairs.push(Math.min(pair, pairs[k - 1] ?? Infinity));
    }
    return 80 / Math.max(-1 + 2 * pairs.reduce((total, v) => total + v, 0), 1 / Math.log10(80));
  };
  const sorted = [...flat].sort((a, b) => a - b);
  const median = (sorted[39] + sorted[40]) / 2;
  const got = mcmcDiagnostics(chains);
  expect(got.rHat).toBeCloseTo(
    Math.max(rHat(regroup(z(flat))), rHat(regroup(z(flat.map((v) => Math.abs(v - median)))))),
    10,
  );
  expect(got.bulkEss).toBeCloseTo(ess(regroup(z(flat))), 8);
  expect(got.standardErrorOfMean).toBeCloseTo(Math.sqrt(spread(flat) / ess(halves)), 10);
});

test('chains that stand still: one value counts in full, two values are found out', () => {
  const still = mcmcDiagnostics([
    [2, 2, 2, 2],
    [2, 2, 2, 2],
  ]);
  expect(still).toEqual({ mean: 2, standardDeviation: 0, rHat: 1, bulkEss: 8, tailEss: 8, standardErrorOfMean: 0 });
  expect(
    mcmcDiagnostics([
      [1, 1, 1, 1],
      [2, 2, 2, 2],
    ]).rHat,
  ).toBe(Infinity);
});

const density = (theta: Float64Array, gradient: Float64Array) => quartic(theta, gradient);
const rng = createRng('errors');
it.each<[RegExp, () => unknown]>([
  [/^samples must/, () => hmc(density, [0], rng, { samples: 0 })],
  [/^burnIn must/, () => hmc(density, [0], rng, { burnIn: -1 })],
  [/^stepSize must/, () => hmc(density, [0], rng, { stepSize: 0 })],
  [/^pathLength must/, () => hmc(density, [0], rng, { pathLength: NaN })],
  [/^maxLeapfrog must/, () => hmc(density, [0], rng, { maxLeapfrog: 0.5 })],
  [/^targetAccept must/, () => hmc(density, [0], rng, { targetAccept: 1 })],
  [/^mass\[1\] must/, () => hmc(density, [0, 0], rng, { mass: [1, 0] })],
  [/^mass must have length 2/, () => hmc(density, [0, 0], rng, { mass: [1] })],
  [/^massAdaptation must/, () => hmc(density, [0], rng, { massAdaptation: 'dense' as never })],
  [/^start\[0\] must/, () => hmc(density, [NaN], rng)],
  [/^start must have a finite log density/, () => sliceSample(() => -Infinity, [0], rng)],
  [/^width must/, () => sliceSample(() => 0, [0], rng, { width: 0 })],
  [/^width must have length 1/, () => sliceSample(() => 0, [0], rng, { width: [1, 2] })],
  [/^maxStepsOut must/, () => sliceSample(() => 0, [0], rng, { maxStepsOut: -1 })],
  [/^burnIn must/, () => sghmc(() => {}, [0], rng, { steps: 5, burnIn: 6 })],
  [/^keepEvery must/, () => sghmc(() => {}, [0], rng, { keepEvery: 0 })],
  [/^friction must/, () => sghmc(() => {}, [0], rng, { friction: 2 })],
  [/^momentum must have length 1/, () => leapfrog(density, { position: [0], momentum: [] }, { step: 1, steps: 1 })],
  [/^steps must/, () => leapfrog(density, { position: [0], momentum: [0] }, { step: 1, steps: 0 })],
  [/^step must/, () => leapfrog(density, { position: [0], momentum: [0] }, { step: -1, steps: 1 })],
  [/^initialStep must/, () => dualAveraging({ initialStep: 0 })],
  [/^kappa must/, () => dualAveraging({ initialStep: 1, kappa: 0.4 })],
  [
    /^acceptProbability must/,
    () => dualAveraging({ initialStep: 1 }).update(dualAveraging({ initialStep: 1 }).init(), 1.5),
  ],
  [
    /^chains\[1\] must have length 4/,
    () =>
      mcmcDiagnostics([
        [1, 2, 3, 4],
        [1, 2, 3],
      ]),
  ],
])('a bad argument is refused: %s', (message, call) => {
  expect(call).toThrow(RangeError);
  expect(call).toThrow(message);
});
