// Online convex optimization: laws, first-order conditions of the iterates, regret bounds, the stochastically extended adversary, Ader.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ader,
  aderRegretBound,
  aderSteps,
  ballSet,
  boxSet,
  type ConvexSet,
  ftrl,
  ftrlRegretBound,
  ogd,
  ogdRegretBound,
  ogdStronglyConvex,
  ogdStronglyConvexRegretBound,
  type OnlineLearner,
  optimisticAder,
  optimisticFtrl,
  optimisticOmd,
  optimisticOmdRegretBound,
  seaConvexRegretBound,
  seaStatistics,
  simplexSet,
  simulateOnline,
} from '../../src/online-learning/index.js';
import { createRng, sampleNormal } from '../../src/random/index.js';
import { onlineLearnerLaws, outsideBall, outsideSimplex } from '../laws/online-learner-laws.js';

const ball = ballSet({ dimension: 3, radius: 1 });
const box = boxSet({ low: [-1, 0, 2], high: [1, 0.5, 2] });
const outsideBox = (x: Float64Array) => Math.max(0, -1 - x[0], x[0] - 1, -x[1], x[1] - 0.5, 2 - x[2], x[2] - 2);
const simplex = simplexSet({ dimension: 3 });

onlineLearnerLaws('ogd on a ball', ogd({ set: ball, gradBound: 2 }), outsideBall(1));
onlineLearnerLaws('ogd on a box', ogd({ set: box, gradBound: 2 }), outsideBox);
onlineLearnerLaws('ogd on the simplex', ogd({ set: simplex, gradBound: 2 }), outsideSimplex);
onlineLearnerLaws('ogdStronglyConvex', ogdStronglyConvex({ set: ball, lambda: 0.5 }), outsideBall(1));
onlineLearnerLaws('ftrl quadratic', ftrl({ regularizer: 'quadratic', set: ball, eta: 0.3 }), outsideBall(1));
onlineLearnerLaws('ftrl entropy', ftrl({ regularizer: 'entropy', dimension: 3, eta: 0.3 }), outsideSimplex);
onlineLearnerLaws(
  'ftrl log barrier',
  ftrl({ regularizer: 'log-barrier', dimension: 3, eta: 0.3, schedule: 'sqrt' }),
  outsideSimplex,
);
onlineLearnerLaws('optimisticFtrl', optimisticFtrl({ regularizer: 'entropy', dimension: 3, eta: 0.3 }), outsideSimplex);
onlineLearnerLaws(
  'optimisticOmd euclidean',
  optimisticOmd({ geometry: 'euclidean', set: ball, smoothness: 1, gradBound: 2 }),
  outsideBall(1),
);
onlineLearnerLaws(
  'optimisticOmd entropic',
  optimisticOmd({ geometry: 'entropic', dimension: 3, eta: 0.2 }),
  outsideSimplex,
);
onlineLearnerLaws(
  'optimisticOmd strongly convex',
  optimisticOmd({ geometry: 'strongly-convex', set: ball, lambda: 0.5 }),
  outsideBall(1),
);
onlineLearnerLaws(
  'optimisticOmd exp-concave',
  optimisticOmd({ geometry: 'exp-concave', dimension: 3, diameter: 2, gradBound: 2, alpha: 0.5 }),
  outsideBall(1),
);
onlineLearnerLaws('ader', ader({ horizon: 40, set: ball, gradBound: 2 }), outsideBall(1));
onlineLearnerLaws('optimisticAder', optimisticAder({ horizon: 40, set: ball, gradBound: 2 }), outsideBall(1));

const norm = (x: ArrayLike<number>) => Math.sqrt(Array.from(x).reduce((a, v) => a + v * v, 0));
const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).reduce((s, v, i) => s + v * b[i], 0);

describe('sets', () => {
  const points = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 3, maxLength: 3 });
  it.each<[string, ConvexSet]>([
    ['ball', ball],
    ['box', box],
    ['simplex', simplex],
  ])('the projection on the %s is the nearest point: idempotent, non-expansive, obtuse', (_name, set) => {
    fc.assert(
      fc.property(points, points, (a, b) => {
        const [p, q] = [set.project(Float64Array.from(a)), set.project(Float64Array.from(b))];
        const again = set.project(Float64Array.from(p));
        expect(norm(again.map((v, i) => v - p[i]))).toBeLessThan(1e-12);
        expect(norm(p.map((v, i) => v - q[i]))).toBeLessThanOrEqual(norm(a.map((v, i) => v - b[i])) + 1e-12);
        // (a - p)ᵀ(q - p) <= 0 for every q of the set.
        expect(
          dot(
            a.map((v, i) => v - p[i]),
            q.map((v, i) => v - p[i]),
          ),
        ).toBeLessThan(1e-10);
        expect(norm(p.map((v, i) => v - q[i]))).toBeLessThanOrEqual(set.diameter + 1e-12);
      }),
    );
    expect(set.project(set.center())).toEqual(set.center());
  });
});

/** Σ <g_t, x_t> - min over the ball (simplex) of <Σ g, u>. */
function linearRegret<State>(
  learner: OnlineLearner<State>,
  gradients: number[][],
  best: (sum: Float64Array) => number,
) {
  const { iterates } = simulateOnline(learner, gradients.length, (_x, t) => gradients[t]);
  const d = learner.dimension;
  const sum = new Float64Array(d);
  let loss = 0;
  gradients.forEach((g, t) => {
    for (let i = 0; i < d; i++) {
      loss += g[i] * iterates[t * d + i];
      sum[i] += g[i];
    }
  });
  return loss - best(sum);
}
const bestOfBall = (sum: Float64Array) => -norm(sum);
const bestOfSimplex = (sum: Float64Array) => Math.min(...sum);

/** Gradients of norm 1 at most, adversarial ones among them. */
const unitGradients = fc
  .array(
    fc.array(fc.oneof(fc.constantFrom(-1, 0, 1), fc.double({ min: -1, max: 1, noNaN: true })), {
      minLength: 3,
      maxLength: 3,
    }),
    {
      minLength: 1,
      maxLength: 60,
    },
  )
  .map((rows) => rows.map((g) => g.map((v) => v / Math.max(1, norm(g)))));

describe('regret', () => {
  it('of ogd is at most 3/2 D G sqrt(T) on every sequence', () => {
    fc.assert(
      fc.property(unitGradients, (gradients) => {
        const regret = linearRegret(ogd({ set: ball, gradBound: 1 }), gradients, bestOfBall);
        expect(regret).toBeLessThanOrEqual(
          ogdRegretBound({ diameter: 2, gradBound: 1, horizon: gradients.length }) + 1e-9,
        );
      }),
      { numRuns: 300 },
    );
  });

  it('of ogdStronglyConvex is at most G²/(2λ)(1 + ln T) on quadratics with moving centers', () => {
    fc.assert(
      fc.property(unitGradients, (centers) => {
        // f_t = |x - c_t|²/2, λ = 1, gradients x - c of norm 2 at most.
        const learner = ogdStronglyConvex({ set: ball, lambda: 1 });
        const { iterates } = simulateOnline(learner, centers.length, (x, t) => x.map((v, i) => v - centers[t][i]));
        const mean = [0, 1, 2].map((i) => centers.reduce((a, c) => a + c[i], 0) / centers.length);
        let regret = 0;
        centers.forEach((c, t) => {
          for (let i = 0; i < 3; i++) regret += (iterates[3 * t + i] - c[i]) ** 2 / 2 - (mean[i] - c[i]) ** 2 / 2;
        });
        const bound = ogdStronglyConvexRegretBound({ lambda: 1, gradBound: 2, horizon: centers.length });
        expect(regret).toBeLessThanOrEqual(bound + 1e-9);
      }),
      { numRuns: 200 },
    );
  });

  it('of (optimistic) ftrl is at most range/η + (η/2) Σ ||g - M||_*²', () => {
    fc.assert(
      fc.property(unitGradients, fc.double({ min: 0.05, max: 2, noNaN: true }), (gradients, eta) => {
        const surprise = (dual: (g: number[]) => number, optimistic: boolean) =>
          gradients.reduce((total, g, t) => {
            const M = optimistic && t > 0 ? gradients[t - 1] : [0, 0, 0];
            return total + dual(g.map((v, i) => v - M[i])) ** 2;
          }, 0);
        const inf = (g: number[]) => Math.max(...g.map(Math.abs));
        for (const [make, optimistic] of [
          [ftrl, false],
          [optimisticFtrl, true],
        ] as const) {
          const quadratic = make({ regularizer: 'quadratic', set: ball, eta }) as OnlineLearner<unknown>;
          expect(linearRegret(quadratic, gradients, bestOfBall)).toBeLessThanOrEqual(
            ftrlRegretBound({ range: 0.5, eta, variation: surprise(norm, optimistic) }) + 1e-9,
          );
          const entropy = make({ regularizer: 'entropy', dimension: 3, eta }) as OnlineLearner<unknown>;
          expect(linearRegret(entropy, gradients, bestOfSimplex)).toBeLessThanOrEqual(
            ftrlRegretBound({ range: Math.log(3), eta, variation: surprise(inf, optimistic) }) + 1e-9,
          );
        }
      }),
      { numRuns: 150 },
    );
  });

  it('of optimisticOmd with constant step is at most D²/(2η) + (η/2) Σ ||g - M||², and D²/(2η) with perfect hints', () => {
    fc.assert(
      fc.property(unitGradients, fc.double({ min: 0.02, max: 2, noNaN: true }), (gradients, eta) => {
        const learner = optimisticOmd({ geometry: 'euclidean', set: ball, eta });
        const { finalState } = simulateOnline(learner, gradients.length, (_x, t) => gradients[t]);
        expect(linearRegret(learner, gradients, bestOfBall)).toBeLessThanOrEqual(
          optimisticOmdRegretBound({ diameter: 2, eta, variation: finalState.variation }) + 1e-9,
        );
        let state = learner.init();
        let loss = 0;
        for (const g of gradients) {
          state = learner.hint(state, g, state);
          loss += dot(learner.predict(state), g);
          state = learner.update(state, g, state);
        }
        const sum = [0, 1, 2].map((i) => gradients.reduce((a, g) => a + g[i], 0));
        expect(loss + norm(sum)).toBeLessThanOrEqual(4 / (2 * eta) + 1e-9);
        expect(state.variation).toBe(0);
      }),
      { numRuns: 200 },
    );
  });
});

describe('iterates', () => {
  it('of optimisticOmd minimize <M, x> + B(x, x̂): no point of the set is better', () => {
    const learner = optimisticOmd({ geometry: 'exp-concave', dimension: 3, diameter: 2, gradBound: 2, alpha: 0.5 });
    const rng = createRng('first order');
    let state = learner.init();
    for (let t = 0; t < 30; t++) {
      const x = learner.predict(state);
      const { guess, hessian: H, secondary: y } = state;
      const objective = (z: ArrayLike<number>) => {
        let total = dot(guess, z);
        for (let i = 0; i < 3; i++)
          for (let j = 0; j < 3; j++) total += 0.5 * (z[i] - y[i]) * H[3 * i + j] * (z[j] - y[j]);
        return total;
      };
      for (let k = 0; k < 20; k++) {
        const z = ball.project(Float64Array.from(x, (v) => v + 0.1 * sampleNormal(rng)));
        expect(objective(x)).toBeLessThanOrEqual(objective(z) + 1e-10);
      }
      const g = Float64Array.from({ length: 3 }, () => 2 * rng() - 1);
      state = learner.update(state, g, state);
    }
    expect(state.hessian[0]).toBeGreaterThan(learner.init().hessian[0]);
  });

  it('of the log barrier satisfy Σ x = 1 and 1/x_i - η G_i the same for all', () => {
    const learner = ftrl({ regularizer: 'log-barrier', dimension: 4, eta: 0.7 });
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e4, max: 1e4, noNaN: true }), { minLength: 4, maxLength: 4 }), (G) => {
        const x = learner.predict(learner.update(learner.init(), G));
        const level = Array.from(x, (v, i) => 1 / v - 0.7 * G[i]);
        for (const l of level) expect(Math.abs(l - level[0])).toBeLessThan(1e-9 * (1 + Math.max(...G.map(Math.abs))));
      }),
    );
  });

  it('the quadratic and the Euclidean mirror descent agree while the ball does not bind', () => {
    const gradients = [
      [0.1, 0, 0],
      [0, -0.1, 0.05],
      [0.02, 0.02, 0.02],
    ];
    const a = simulateOnline(ftrl({ regularizer: 'quadratic', set: ball, eta: 0.5 }), 3, (_x, t) => gradients[t]);
    const b = simulateOnline(
      optimisticOmd({ geometry: 'euclidean', set: ball, eta: 0.5, optimistic: false }),
      3,
      (_x, t) => gradients[t],
    );
    a.iterates.forEach((v, i) => expect(v).toBeCloseTo(b.iterates[i], 14));
  });
});

describe('between stochastic and adversarial', () => {
  const set = ballSet({ dimension: 5, radius: 1 });
  const learner = optimisticOmd({ geometry: 'euclidean', set, smoothness: 1, gradBound: 3.5 });
  /** Regret on F_t = |x - c_t|²/2 against the best fixed point, with noisy gradients. */
  const run = (T: number, sd: number, center: (t: number) => number, seed: number) => {
    const rng = createRng(seed, 'noise');
    let regret = 0;
    const sum = { c: 0, c2: 0 };
    let loss = 0;
    const { iterates } = simulateOnline(learner, T, (x, t) =>
      x.map((v, i) => v - (i === 0 ? center(t) : 0) + (sd === 0 ? 0 : (sd / Math.sqrt(5)) * sampleNormal(rng))),
    );
    for (let t = 0; t < T; t++) {
      const c = center(t);
      sum.c += c;
      sum.c2 += c * c;
      for (let i = 0; i < 5; i++) loss += 0.5 * (iterates[5 * t + i] - (i === 0 ? c : 0)) ** 2;
    }
    regret = loss - 0.5 * (sum.c2 - sum.c ** 2 / T);
    return regret;
  };
  const bound = (T: number, sd: number, jumps: number) =>
    seaConvexRegretBound({ diameter: 2, smoothness: 1, gradBound: 3.5, sigma2: T * sd * sd, Sigma2: jumps });

  it('without noise the regret stays below 1 and does not grow; with noise 0.5 it is about 10 at T = 1000', () => {
    const [a, b] = [run(1000, 0, () => 0.5, 0), run(4000, 0, () => 0.5, 0)];
    expect(b).toBeLessThan(1);
    expect(b - a).toBeLessThan(1e-6);
    const regrets = Array.from({ length: 20 }, (_, s) => run(1000, 0.5, () => 0.5, s));
    const mean = regrets.reduce((x, y) => x + y, 0) / 20;
    expect(Math.abs(mean / 10 - 1)).toBeLessThan(0.25);
    expect(mean).toBeLessThan(bound(1000, 0.5, 0));
    expect(bound(1000, 0.5, 0)).toBeCloseTo(326, -1);
    expect(run(1000, 0, (t) => (t % 2 === 0 ? 0.5 : -0.5), 0)).toBeLessThan(bound(1000, 0, 1000));
  });

  it('seaStatistics are sums of suprema over the points', () => {
    const stats = seaStatistics(
      [
        [0, 0, 1, 0],
        [0, 3, 1, 0],
        [4, 3, 1, 1],
      ],
      [[1, 2], [0, 0.5], 3],
      { points: 2 },
    );
    expect(stats).toEqual({ sigma2: 5.5, Sigma2: 9 + 16, sigma2Max: 3, Sigma2Max: 16 });
  });
});

describe('ader', () => {
  it('has at most 0.6 of the dynamic regret of ogd on eight random targets, and so has its optimistic form', () => {
    const [T, d] = [4000, 2];
    const set = ballSet({ dimension: d, radius: 1 });
    const totals = { ogd: 0, ader: 0, optimistic: 0 };
    let bounded = true;
    for (let s = 0; s < 20; s++) {
      const rng = createRng(s, 'targets');
      const targets = Array.from({ length: 8 }, () => {
        const [a, b] = [sampleNormal(rng), sampleNormal(rng)];
        return [a, b].map((v) => (0.9 * v) / Math.hypot(a, b));
      });
      const center = (t: number) => targets[Math.floor((8 * t) / T)];
      const play = <State>(learner: OnlineLearner<State>) => {
        const { iterates } = simulateOnline(learner, T, (x, t) => x.map((v, i) => 2 * (v - center(t)[i])));
        let regret = 0;
        for (let t = 0; t < T; t++) for (let i = 0; i < d; i++) regret += (iterates[t * d + i] - center(t)[i]) ** 2;
        return regret;
      };
      const options = { horizon: T, set, gradBound: 3.8 };
      totals.ogd += play(ogd({ set, gradBound: 3.8 }));
      const adaptive = play(ader(options));
      totals.ader += adaptive;
      totals.optimistic += play(optimisticAder(options));
      const pathLength = targets
        .slice(1)
        .reduce((p, c, i) => p + Math.hypot(c[0] - targets[i][0], c[1] - targets[i][1]), 0);
      bounded &&= adaptive <= aderRegretBound({ horizon: T, diameter: 2, gradBound: 3.8, pathLength });
    }
    expect(bounded).toBe(true);
    expect(totals.ader).toBeLessThanOrEqual(0.6 * totals.ogd);
    expect(totals.optimistic).toBeLessThanOrEqual(0.6 * totals.ogd);
  });

  it('has ceil(½ log2(1 + 4T/7)) + 1 experts with doubling steps', () => {
    const steps = aderSteps({ horizon: 1000, diameter: 2, gradBound: 3 });
    expect(steps.length).toBe(Math.ceil(0.5 * Math.log2(1 + 4000 / 7)) + 1);
    expect(steps[0]).toBeCloseTo((2 / 3) * Math.sqrt(7 / 2000), 14);
    for (let i = 1; i < steps.length; i++) expect(steps[i]).toBe(2 * steps[i - 1]);
  });

  it('the regret bound holds on adversarial sequences against every path', () => {
    fc.assert(
      fc.property(unitGradients, (gradients) => {
        // The best path plays -g/|g| each round: its length is computed, its loss is -Σ|g|.
        const T = gradients.length;
        const learner = ader({ horizon: T, set: ball, gradBound: 1 });
        const { iterates } = simulateOnline(learner, T, (_x, t) => gradients[t]);
        const path = gradients.map((g) => (norm(g) === 0 ? [0, 0, 0] : g.map((v) => -v / norm(g))));
        let regret = 0;
        gradients.forEach((g, t) => (regret += dot(g, iterates.subarray(3 * t, 3 * t + 3)) - dot(g, path[t])));
        const pathLength = path.slice(1).reduce((p, u, t) => p + norm(u.map((v, i) => v - path[t][i])), 0);
        expect(regret).toBeLessThanOrEqual(
          aderRegretBound({ horizon: T, diameter: 2, gradBound: 1, pathLength }) + 1e-9,
        );
      }),
      { numRuns: 100 },
    );
  });
});

it.each([
  [() => ballSet({ dimension: 0, radius: 1 }), RangeError, /^dimension/],
  [() => ballSet({ dimension: 1, radius: 0 }), RangeError, /^radius/],
  [() => boxSet({ low: [1], high: [0] }), RangeError, /^low/],
  [() => boxSet({ low: [1], high: [2, 3] }), RangeError, /^high/],
  [() => simplexSet({ dimension: 1.5 }), RangeError, /^dimension/],
  [() => ogd({ set: ball, gradBound: 0 }), RangeError, /^gradBound/],
  [() => ogdStronglyConvex({ set: ball, lambda: -1 }), RangeError, /^lambda/],
  [() => ftrl({ regularizer: 'quadratic', eta: 1 }), TypeError, /^set/],
  [() => ftrl({ regularizer: 'entropy', eta: 1 }), RangeError, /^dimension/],
  [() => ftrl({ regularizer: 'x' as 'entropy', dimension: 2, eta: 1 }), RangeError, /^regularizer/],
  [() => ftrl({ regularizer: 'entropy', dimension: 2, eta: 0 }), RangeError, /^eta/],
  [() => optimisticOmd({ geometry: 'euclidean', set: ball }), RangeError, /^gradBound/],
  [() => optimisticOmd({ geometry: 'x' as 'entropic', dimension: 1, eta: 1 }), RangeError, /^geometry/],
  [() => optimisticOmd({ geometry: 'entropic', dimension: 1, eta: 0 }), RangeError, /^eta/],
  [() => optimisticOmd({ geometry: 'strongly-convex', set: ball, lambda: 0 }), RangeError, /^lambda/],
  [
    () => optimisticOmd({ geometry: 'exp-concave', dimension: 1, diameter: 1, gradBound: 1, alpha: 0 }),
    RangeError,
    /^alpha/,
  ],
  [() => ader({ horizon: 0, set: ball, gradBound: 1 }), RangeError, /^horizon/],
  [() => optimisticAder({ horizon: 1, set: ball, gradBound: 0 }), RangeError, /^gradBound/],
  [() => seaStatistics([[1]], []), RangeError, /^variances/],
  [() => seaStatistics([[1]], [-1]), RangeError, /^variances\[0\]/],
  [() => seaStatistics([[1, 2, 3]], [1], { points: 2 }), RangeError, /^expectedGradients/],
  [
    () => seaConvexRegretBound({ diameter: 1, smoothness: 0, gradBound: 1, sigma2: -1, Sigma2: 0 }),
    RangeError,
    /^sigma2/,
  ],
  [() => simulateOnline(ogd({ set: ball, gradBound: 1 }), -1, () => [0, 0, 0]), RangeError, /^horizon/],
])('names the argument it refuses %#', (call, kind, message) => {
  expect(call).toThrow(kind);
  expect(call).toThrow(message);
});
