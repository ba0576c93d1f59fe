// Preference games: the simplex method against its dual, minimax winners, self-play and its theorems, regularized equilibria, social choice.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bordaScores,
  bradleyTerryMatrix,
  bradleyTerryMisfit,
  checkPreference,
  condorcetMatrix,
  condorcetWinner,
  copelandScores,
  cyclicMatrix,
  exploitability,
  intransitivityTriples,
  ipoOptimum,
  isStochasticallyTransitive,
  matrixGame,
  minimaxWinner,
  nashMirrorDescent,
  preferenceAggregation,
  regularizedNash,
  selfPlay,
  selfPlayExploitabilityBound,
  spoBandit,
  sppoIterate,
  winRateQueue,
  winRateRewards,
} from '../../src/games/index.js';
import { createRng, sampleNormal, samplePermutation } from '../../src/random/index.js';
import { decodeState, encodeState } from '../../src/state/index.js';
import { normalTolerance } from '../support/statistics.js';

/** A random preference of n items; some pairs tie or are certain. */
const preferences = fc.record({ n: fc.integer({ min: 1, max: 9 }), seed: fc.string() }).map(({ n, seed }) => {
  const rng = createRng(seed);
  const P = Array.from({ length: n }, () => new Array<number>(n).fill(0.5));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const u = rng();
      P[i][j] = u < 0.1 ? 0.5 : u < 0.2 ? 1 : rng();
      P[j][i] = 1 - P[i][j];
    }
  }
  return P;
});
const sum = (x: ArrayLike<number>) => Array.from(x).reduce((a, b) => a + b, 0);
const times = (P: number[][], q: ArrayLike<number>) => P.map((row) => row.reduce((s, v, j) => s + v * q[j], 0));

describe('matrixGame', () => {
  it('strategies of both players prove the value: min over columns of xᵀA = max over rows of A y', () => {
    const games = fc.record({
      m: fc.integer({ min: 1, max: 8 }),
      n: fc.integer({ min: 1, max: 8 }),
      seed: fc.string(),
    });
    fc.assert(
      fc.property(games, ({ m, n, seed }) => {
        const rng = createRng(seed);
        // Small integers: ties and degenerate pivots.
        const A = Array.from({ length: m }, () => Array.from({ length: n }, () => Math.floor(7 * rng()) - 3));
        const { row, column, value } = matrixGame(A);
        expect(sum(row)).toBeCloseTo(1, 12);
        expect(sum(column)).toBeCloseTo(1, 12);
        expect(Math.min(...row, ...column)).toBeGreaterThanOrEqual(0);
        const low = Math.min(...Array.from({ length: n }, (_, j) => A.reduce((s, r, i) => s + row[i] * r[j], 0)));
        const high = Math.max(...times(A, column));
        expect(low).toBeGreaterThan(value - 1e-9);
        expect(high).toBeLessThan(value + 1e-9);
      }),
      { numRuns: 300 },
    );
  });

  it('knows the textbook games', () => {
    expect(matrixGame([[5]]).value).toBe(5);
    const pennies = matrixGame([
      [1, -1],
      [-1, 1],
    ]);
    expect(pennies.value).toBeCloseTo(0, 15);
    for (const p of [...pennies.row, ...pennies.column]) expect(p).toBeCloseTo(0.5, 14);
    // A saddle point: row 1, column 0.
    const saddle = matrixGame([
      [1, 5],
      [3, 4],
    ]);
    expect([saddle.value, saddle.row[1], saddle.column[0]]).toEqual([3, 1, 1]);
  });

  it('takes payoffs of any size', () => {
    for (const scale of [1e-200, 1e200]) {
      const { value, row } = matrixGame([
        [3 * scale, 0],
        [scale, 2 * scale],
      ]);
      expect(value / scale).toBeCloseTo(1.5, 12);
      expect(row[0]).toBeCloseTo(0.25, 12);
    }
  });
});

describe('minimaxWinner', () => {
  it('is not exploitable, is the Condorcet winner where there is one, and follows a permutation of the items', () => {
    fc.assert(
      fc.property(preferences, fc.string(), (P, seed) => {
        const { policy, value, exploitability: gap } = minimaxWinner(P);
        expect(value).toBe(0.5);
        expect(gap).toBeLessThan(1e-9);
        expect(gap).toBeGreaterThan(-1e-12);
        expect(exploitability(P, policy).exploitability).toBe(gap);
        const winner = condorcetWinner(P);
        if (winner !== null) expect(policy[winner]).toBeCloseTo(1, 9);
        const order = samplePermutation(P.length, createRng(seed));
        const Q = Array.from(order, (i) => Array.from(order, (j) => P[i][j]));
        const moved = Array.from(order, (i) => policy[i]);
        expect(Math.abs(exploitability(Q, moved).exploitability - gap)).toBeLessThan(1e-12);
      }),
      { numRuns: 200 },
    );
  });

  it('of a cycle with margins x, y, z is (y, z, x) / (x + y + z)', () => {
    const margin = fc.double({ min: 0.05, max: 1, noNaN: true });
    fc.assert(
      fc.property(margin, margin, margin, (x, y, z) => {
        const { policy } = minimaxWinner(cyclicMatrix(x, y, z));
        [y, z, x].forEach((v, i) => expect(policy[i]).toBeCloseTo(v / (x + y + z), 10));
      }),
    );
  });

  it('by self-play comes within its theorem of the exact one', () => {
    fc.assert(
      fc.property(preferences, (P) => {
        const { exploitability: gap } = minimaxWinner(P, { method: 'self-play', steps: 500 });
        expect(gap).toBeLessThanOrEqual(
          selfPlayExploitabilityBound(P.length, 500, { algorithm: 'optimistic' }) + 1e-12,
        );
      }),
      { numRuns: 30 },
    );
  });

  it('64 items take milliseconds and end at a proved optimum', () => {
    const rng = createRng('large');
    const P = Array.from({ length: 64 }, () => new Array<number>(64).fill(0.5));
    for (let i = 0; i < 64; i++) for (let j = 0; j < i; j++) P[j][i] = 1 - (P[i][j] = rng());
    expect(minimaxWinner(P).exploitability).toBeLessThan(1e-9);
  });
});

describe('exploitability', () => {
  it('is at least 0, is max_i (P q)_i - 1/2, and names the first best response', () => {
    fc.assert(
      fc.property(preferences, fc.string(), (P, seed) => {
        const rng = createRng(seed);
        const raw = P.map(() => rng() + 1e-3);
        const q = raw.map((v) => v / sum(raw));
        const { exploitability: gap, bestResponse } = exploitability(P, q);
        const wins = times(P, q);
        expect(gap).toBeGreaterThanOrEqual(-1e-12);
        expect(gap).toBeCloseTo(Math.max(...wins) - 0.5, 12);
        expect(wins[bestResponse]).toBeCloseTo(Math.max(...wins), 12);
      }),
    );
    expect(
      exploitability(
        [
          [0.5, 0.5],
          [0.5, 0.5],
        ],
        [0.5, 0.5],
      ),
    ).toEqual({ exploitability: 0, bestResponse: 0 });
  });
});

describe('selfPlay', () => {
  const cycle = [
    [0.5, 0.9, 0.2],
    [0.1, 0.5, 0.7],
    [0.8, 0.3, 0.5],
  ];

  it.each(['hedge', 'optimistic'] as const)('%s is below its bound at every step size and horizon', (algorithm) => {
    const steps = fc.integer({ min: 1, max: 400 });
    const rate = fc.double({ min: 0.01, max: algorithm === 'hedge' ? 2 : 0.5, noNaN: true });
    fc.assert(
      fc.property(preferences, steps, rate, (P, T, learningRate) => {
        const { exploitability: gap, average } = selfPlay(P, { steps: T, learningRate, algorithm });
        expect(gap).toBeLessThanOrEqual(selfPlayExploitabilityBound(P.length, T, { learningRate, algorithm }) + 1e-12);
        expect(exploitability(P, average).exploitability).toBeCloseTo(gap, 12);
      }),
    );
  });

  it('hedge is the recursion of the paper, transcribed', () => {
    const eta = 0.3;
    let L = [0, 0, 0];
    const average = [0, 0, 0];
    for (let t = 0; t < 50; t++) {
      const e = L.map((l) => Math.exp(l - Math.max(...L)));
      const p = e.map((v) => v / sum(e));
      p.forEach((v, i) => (average[i] += v / 50));
      const reward = times(cycle, p).map((v) => 2 * v - 1);
      L = L.map((l, i) => l + eta * reward[i]);
    }
    const result = selfPlay(cycle, { steps: 50, learningRate: eta, recordEvery: 10 });
    average.forEach((v, i) => expect(result.average[i]).toBeCloseTo(v, 12));
    expect(result.trajectory.length).toBe(15);
  });

  it('the last iterates of optimistic and extragradient play reach the winner; that of hedge runs away from it', () => {
    const winner = minimaxWinner(cycle).policy;
    const error = (p: Float64Array) => Math.max(...p.map((v, i) => Math.abs(v - winner[i])));
    for (const algorithm of ['optimistic', 'extragradient'] as const) {
      expect(error(selfPlay(cycle, { steps: 4000, learningRate: 0.5, algorithm }).last)).toBeLessThan(1e-12);
    }
    expect(error(selfPlay(cycle, { steps: 4000, learningRate: 0.5 }).last)).toBeGreaterThan(0.1);
  });

  it('optimism at 1/4 has doubled gap below 2e-3 at T = 10 000 with ten items', () => {
    const rng = createRng('ten');
    const P = Array.from({ length: 10 }, () => new Array<number>(10).fill(0.5));
    for (let i = 0; i < 10; i++) for (let j = 0; j < i; j++) P[j][i] = 1 - (P[i][j] = rng());
    const { exploitability: gap } = selfPlay(P, { steps: 10_000, learningRate: 0.25, algorithm: 'optimistic' });
    expect(2 * gap).toBeLessThan(2e-3);
  });

  it('items of probability 0 at the start stay out', () => {
    const { average, last } = selfPlay(cycle, { steps: 100, learningRate: 0.5, initial: [0.5, 0.5, 0] });
    expect(average[2]).toBe(0);
    expect(last[2]).toBe(0);
  });
});

describe('spoBandit', () => {
  it('with duels between samples approaches the minimax winner', () => {
    // Importance weighting as in Exp3: gap of order sqrt(K ln K / T), 0.033 here.
    const P = cyclicMatrix(0.2, 0.3, 1);
    const learner = spoBandit({ arms: 3, samples: 4, learningRate: 0.02 });
    const rng = createRng('spo');
    let state = learner.init();
    for (let t = 0; t < 6000; t++) {
      const items = learner.select(state, rng);
      const wins = new Float64Array(4);
      for (let a = 0; a < 4; a++) {
        for (let b = 0; b < a; b++) wins[rng() < P.data[3 * items[a] + items[b]] ? a : b] += 1;
      }
      state = learner.update(state, items, wins, state);
    }
    expect(exploitability(P, learner.average(state)).exploitability).toBeLessThan(0.05);
    expect(exploitability(P, [1 / 3, 1 / 3, 1 / 3]).exploitability).toBeGreaterThan(0.09);
  });

  it('the expected step of ln p_i is η times the win rate of i against the sampled field', () => {
    // E[Σ_{k: item i} wins/(n-1) / (n p_i)] = (P p)_i, items drawn independently.
    const P = cyclicMatrix(0.4, 0.8, 1);
    const learner = spoBandit({ arms: 3, samples: 3, learningRate: 1 });
    const state = { t: 0, logits: Float64Array.of(0.3, -0.2, 0.5), total: new Float64Array(3) };
    const p = learner.probabilities(state);
    const expected = [0, 1, 2].map((i) => p.reduce((s, v, j) => s + v * P.data[3 * i + j], 0));
    const n = 20_000;
    const rng = createRng('expected step');
    const totals = new Float64Array(3);
    const squares = new Float64Array(3);
    for (let run = 0; run < n; run++) {
      const items = learner.select(state, rng);
      const wins = new Float64Array(3);
      for (let a = 0; a < 3; a++) {
        for (let b = 0; b < a; b++) wins[rng() < P.data[3 * items[a] + items[b]] ? a : b] += 1;
      }
      const next = learner.update(state, items, wins);
      for (let i = 0; i < 3; i++) {
        const step = next.logits[i] - state.logits[i];
        totals[i] += step;
        squares[i] += step * step;
      }
    }
    for (let i = 0; i < 3; i++) {
      const mean = totals[i] / n;
      const error = Math.sqrt((squares[i] / n - mean * mean) / n);
      expect(Math.abs(mean - expected[i])).toBeLessThan(normalTolerance() * error);
    }
  });

  it('has the three forms of out, and states that survive a checkpoint', () => {
    const learner = spoBandit({ arms: 3, samples: 2, learningRate: 0.1 });
    const items = [0, 2];
    const fresh = learner.update(learner.init(), items, [1, 0]);
    const spare = learner.init();
    expect(learner.update(learner.init(), items, [1, 0], spare)).toBe(spare);
    expect(spare).toEqual(fresh);
    const inPlace = learner.init();
    expect(learner.update(inPlace, items, [1, 0], inPlace)).toEqual(fresh);
    expect(decodeState(encodeState(fresh))).toEqual(fresh);
    expect(learner.average(learner.init())).toEqual(new Float64Array(3).fill(1 / 3));
  });
});

describe('regularized equilibria', () => {
  const positive = (n: number, seed: string) => {
    const rng = createRng(seed);
    const raw = Array.from({ length: n }, () => 0.1 + rng());
    return raw.map((v) => v / sum(raw));
  };

  it('regularizedNash is the fixed point π = softmax(ln μ + P π / τ), and a best response to itself under the penalty', () => {
    fc.assert(
      fc.property(preferences, fc.constantFrom(0.05, 0.3, 2), fc.string(), (P, tau, seed) => {
        const mu = positive(P.length, seed);
        const { policy, converged, residual } = regularizedNash(P, mu, { tau });
        expect(converged).toBe(true);
        expect(residual).toBeLessThanOrEqual(1e-12);
        const logits = times(P, policy).map((v, i) => Math.log(mu[i]) + v / tau);
        const top = Math.max(...logits);
        const e = logits.map((l) => Math.exp(l - top));
        e.forEach((v, i) => expect(policy[i]).toBeCloseTo(v / sum(e), 10));
      }),
      { numRuns: 40 },
    );
  });

  it('tends to the reference for large τ and to the minimax winner for small τ', () => {
    const P = cyclicMatrix(0.4, 0.8, 1);
    const mu = [0.2, 0.3, 0.5];
    regularizedNash(P, mu, { tau: 1e6 }).policy.forEach((v, i) => expect(v).toBeCloseTo(mu[i], 5));
    const winner = minimaxWinner(P).policy;
    regularizedNash(P, mu, { tau: 1e-3 }).policy.forEach((v, i) => expect(v).toBeCloseTo(winner[i], 2));
  });

  it('Nash-MD tends to the equilibrium of temperature τ / (1 - ητ)', () => {
    const P = cyclicMatrix(0.4, 0.8, 1);
    const mu = [0.2, 0.3, 0.5];
    const [tau, learningRate] = [0.1, 0.1];
    const { policy, mixture } = nashMirrorDescent(P, mu, { tau, learningRate, steps: 20_000 });
    const { policy: limit } = regularizedNash(P, mu, { tau: tau / (1 - learningRate * tau) });
    mixture.forEach((v, i) => expect(Math.abs(v - limit[i])).toBeLessThan(1e-11));
    const exact = regularizedNash(P, mu, { tau }).policy;
    expect(Math.max(...policy.map((v, i) => Math.abs(v - exact[i])))).toBeLessThan(5e-2 * learningRate);
  });

  it('SPPO averages as self-play of half the step, and IPO weighs by mean win rates', () => {
    const P = [
      [0.5, 0.9, 0.2],
      [0.1, 0.5, 0.7],
      [0.8, 0.3, 0.5],
    ];
    let p: ArrayLike<number> = [1 / 3, 1 / 3, 1 / 3];
    const average = new Float64Array(3);
    for (let t = 0; t < 40; t++) {
      for (let i = 0; i < 3; i++) average[i] += p[i] / 40;
      p = sppoIterate(P, p, { beta: 0.6 });
    }
    selfPlay(P, { steps: 40, learningRate: 0.3 }).average.forEach((v, i) => expect(v).toBeCloseTo(average[i], 12));
    const mu = [0.5, 0.25, 0.25];
    const weights = P.map((row, i) => mu[i] * Math.exp(sum(row) / 3 / 0.2));
    ipoOptimum(mu, P, { beta: 0.2 }).forEach((v, i) => expect(v).toBeCloseTo(weights[i] / sum(weights), 12));
  });
});

describe('social choice', () => {
  it('scores are counts and means over the others; the triples are all cycles', () => {
    fc.assert(
      fc.property(preferences, (P) => {
        const n = P.length;
        const others = (i: number) => P[i].filter((_, j) => j !== i);
        const copeland = copelandScores(P);
        const borda = bordaScores(P);
        for (let i = 0; i < n; i++) {
          expect(copeland[i]).toBe(others(i).reduce((s, p) => s + (p > 0.5 ? 1 : p === 0.5 ? 0.5 : 0), 0));
          if (n > 1) expect(borda[i]).toBeCloseTo(sum(others(i)) / (n - 1), 12);
        }
        expect(sum(copeland)).toBe((n * (n - 1)) / 2);
        if (n > 1) expect(sum(borda)).toBeCloseTo(n / 2, 12);
        const winner = condorcetWinner(P);
        expect(winner !== null && n > 1 ? copeland[winner] : n - 1).toBe(n - 1);
        let cycles = 0;
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < n; j++) {
            for (let l = 0; l < n; l++) if (P[i][j] > 0.5 && P[j][l] > 0.5 && P[l][i] > 0.5) cycles += 1;
          }
        }
        expect(intransitivityTriples(P).count).toBe(cycles / 3);
        expect(preferenceAggregation(P)).toEqual({ condorcetWinner: winner, copeland, borda });
      }),
    );
  });

  it('Bradley-Terry matrices are strongly transitive with misfit 0 and the utilities they came from', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 2, maxLength: 7 }), (u) => {
        const P = bradleyTerryMatrix(u);
        expect(isStochasticallyTransitive(P, { kind: 'strong', tolerance: 1e-12 })).toBe(true);
        expect(intransitivityTriples(P).count).toBe(0);
        const { misfit, utilities } = bradleyTerryMisfit(P);
        expect(misfit).toBeLessThan(1e-12);
        const center = sum(u) / u.length;
        u.forEach((v, i) => expect(utilities[i]).toBeCloseTo(v - center, 6));
      }),
    );
    expect(bradleyTerryMisfit(cyclicMatrix(0.8, 0.8, 0.8)).misfit).toBeGreaterThan(0.1);
    expect(isStochasticallyTransitive(cyclicMatrix(0.8, 0.8, 0.8))).toBe(false);
    // Weakly, not moderately: 0 beats 1 by 0.9, 1 beats 2 by 0.8, 0 beats 2 by 0.6 only.
    const weak = [
      [0.5, 0.9, 0.6],
      [0.1, 0.5, 0.8],
      [0.4, 0.2, 0.5],
    ];
    expect((['weak', 'moderate', 'strong'] as const).map((kind) => isStochasticallyTransitive(weak, { kind }))).toEqual(
      [true, false, false],
    );
  });

  it('a Condorcet matrix has its winner, ties have none', () => {
    expect(condorcetWinner(condorcetMatrix(5, 0.1))).toBe(0);
    expect(condorcetWinner(condorcetMatrix(5, 0))).toBeNull();
    expect(condorcetWinner([[0.5]])).toBe(0);
    expect(Array.from(copelandScores(condorcetMatrix(3, 0), { normalized: true }))).toEqual([0.5, 0.5, 0.5]);
  });
});

describe('win rates', () => {
  it('are the means of rows without the diagonal, and sum to m/2 for a full table of duels', () => {
    const rng = createRng('wins');
    const m = 6;
    const C = Array.from({ length: m }, () => new Array<number>(m).fill(NaN));
    for (let i = 0; i < m; i++) {
      C[i][i] = 7;
      for (let j = 0; j < i; j++) C[j][i] = 1 - (C[i][j] = rng() < 0.5 ? 1 : 0);
    }
    expect(sum(winRateRewards(C))).toBeCloseTo(m / 2, 12);
  });

  it('the queue compares with its last items, oldest first, in all forms of out', () => {
    const queue = winRateQueue<number>({ capacity: 3 });
    let [fresh, inPlace, spare] = [queue.init(), queue.init(), queue.init()];
    const seen: number[] = [];
    const rng = createRng('queue');
    for (let t = 0; t < 12; t++) {
      const x = sampleNormal(rng);
      const window = seen.slice(-3);
      const order: number[] = [];
      const compare = (a: number, b: number) => {
        order.push(b);
        return a > b ? 1 : 0;
      };
      const { reward, state } = queue.push(fresh, x, compare);
      expect(order).toEqual(window);
      expect(reward).toBe(window.length === 0 ? 0.5 : window.filter((y) => x > y).length / window.length);
      spare = queue.push(fresh, x, compare, spare).state;
      inPlace = queue.push(inPlace, x, compare, inPlace).state;
      fresh = state;
      expect(spare).toEqual(fresh);
      expect(inPlace).toEqual(fresh);
      seen.push(x);
    }
    expect(decodeState(encodeState(fresh))).toEqual(fresh);
  });
});

const half = [[0.5]];
it.each([
  [() => checkPreference([]), /^preference/],
  [() => checkPreference([[0.5, 0.5]]), /^preference/],
  [
    () =>
      checkPreference([
        [0.5, 0.7],
        [0.4, 0.5],
      ]),
    /^preference\[1\]\[0\]/,
  ],
  [
    () =>
      checkPreference([
        [0.5, 1.5],
        [-0.5, 0.5],
      ]),
    /^preference/,
  ],
  [() => checkPreference([[0.6]]), /^preference/],
  [() => checkPreference([[NaN]]), /^preference/],
  [() => condorcetMatrix(0, 0.1), /^n/],
  [() => condorcetMatrix(2, 0.6), /^margin/],
  [() => cyclicMatrix(2, 0, 0), /^x/],
  [() => bradleyTerryMatrix([NaN]), /^utilities/],
  [() => matrixGame([]), /^payoffs/],
  [() => matrixGame([[Infinity]]), /^payoffs/],
  [() => exploitability(half, [0.5]), /^policy/],
  [() => exploitability(half, [0.5, 0.5]), /^policy/],
  [() => minimaxWinner(half, { method: 'x' as 'simplex' }), /^method/],
  [() => selfPlay(half, { steps: 0, learningRate: 1 }), /^steps/],
  [() => selfPlay(half, { steps: 1, learningRate: 0 }), /^learningRate/],
  [() => selfPlay(half, { steps: 1, learningRate: 1, algorithm: 'x' as 'hedge' }), /^algorithm/],
  [() => selfPlay(half, { steps: 1, learningRate: 1, initial: [2] }), /^initial/],
  [() => selfPlayExploitabilityBound(2, 10, { algorithm: 'optimistic', learningRate: 1 }), /^learningRate/],
  [() => spoBandit({ arms: 2, samples: 1, learningRate: 1 }), /^samples/],
  [
    () =>
      spoBandit({ arms: 2, samples: 2, learningRate: 1 }).update(
        { t: 0, logits: new Float64Array(2), total: new Float64Array(2) },
        [0, 2],
        [1, 0],
      ),
    /^items\[1\]/,
  ],
  [
    () =>
      spoBandit({ arms: 2, samples: 2, learningRate: 1 }).update(
        { t: 0, logits: new Float64Array(2), total: new Float64Array(2) },
        [0, 1],
        [2, 0],
      ),
    /^wins\[0\]/,
  ],
  [() => regularizedNash(half, [1], { tau: 0 }), /^tau/],
  [() => regularizedNash(half, [0.5], { tau: 1 }), /^reference/],
  [() => nashMirrorDescent(half, [1], { tau: 2, learningRate: 1, steps: 1 }), /^learningRate/],
  [() => sppoIterate(half, [1], { beta: -1 }), /^beta/],
  [() => ipoOptimum([1], half, { beta: 0 }), /^beta/],
  [() => bradleyTerryMisfit(half), /^preference/],
  [() => winRateRewards([[1]]), /^comparisons/],
  [
    () =>
      winRateRewards([
        [0, 2],
        [0, 0],
      ]),
    /^comparisons\[0\]\[1\]/,
  ],
  [() => winRateQueue({ capacity: 0 }), /^capacity/],
  [() => winRateQueue<number>({ capacity: 1 }).push({ items: [1] }, 2, () => NaN), /^compare/],
])('names the argument it refuses %#', (call, message) => {
  expect(call).toThrow(RangeError);
  expect(call).toThrow(message);
});
