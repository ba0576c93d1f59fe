import { describe, expect, it } from 'vitest';
import {
  bestFixedInHindsight,
  cg,
  compareOmegaPolicies,
  costTable,
  csrDiagonal,
  csrFromDense,
  csrToDense,
  fixedOmega,
  goldenSectionOmega,
  heatSimulation2d,
  heatStep2d,
  instanceOptimal,
  jacobiRadiusPoisson,
  omegaGrid,
  omegaLearner,
  omegaProfile,
  optimalOmega,
  poisson2d,
  shiftedSequence,
  solveSequence,
  sor,
  sorSpectralRadius,
  spmv,
  type LinearSystem,
  type SolveWith,
} from '../../../src/linear-solvers/index.js';
import { createRng } from '../../../src/random/index.js';
import { expectFit } from '../../support/fit.js';
import { distance, norm } from '../matrices.js';

const A = poisson2d(4, 4);
const sequence = (seed: number | string, length = 12) =>
  shiftedSequence({ A, betaA: 2, betaB: 6, length, rng: createRng(seed, 'systems') });
const solve: SolveWith<number> = (system, omega, workspace) => sor(system.A, system.b, { omega, workspace });

describe('shiftedSequence', () => {
  it('shifts the diagonal by low + width · Beta and draws b in the ball', () => {
    const systems = [...sequence(1, 200)];
    expect(systems.length).toBe(200);
    for (const { A: shifted, b, context } of systems) {
      expect(csrDiagonal(shifted)[3]).toBe(4 + (context ?? NaN));
      expect(shifted.rowPtr).toBe(systems[0].A.rowPtr);
      expect(norm(b)).toBeLessThanOrEqual(4);
      expect(context).toBeGreaterThanOrEqual(-0.15);
      expect(context).toBeLessThanOrEqual(0.45);
    }
    expect(csrToDense(A)).toEqual(csrToDense(poisson2d(4, 4)));
    expect([...sequence(1, 3)]).toEqual(systems.slice(0, 3));
  });

  it('the shifts have the law of Beta(2, 6)', () => {
    const iterator = shiftedSequence({
      A: [[1]],
      low: 0,
      width: 1,
      betaA: 2,
      betaB: 6,
      length: 5000,
      rng: createRng(9),
    });
    const draws = [...iterator].map(({ context }) => context ?? NaN);
    let t = 0;
    // P(Beta(2, 6) <= x) = 1 - (1 - x)^7 - 7 x (1 - x)^6.
    const cdf = (x: number) => 1 - (1 - x) ** 7 - 7 * x * (1 - x) ** 6;
    expectFit(() => draws[t++], 5000, [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5], cdf);
  });

  it('stores a diagonal that was missing, and checks its options', () => {
    const [system] = shiftedSequence({
      A: [
        [0, 1],
        [1, 0],
      ],
      betaA: 1,
      betaB: 1,
      length: 1,
      rng: createRng(1),
    });
    expect(system.A.values.length).toBe(4);
    expect(() => shiftedSequence({ A, betaA: 0, betaB: 1, length: 1, rng: createRng(1) })).toThrow(/^betaA must/);
    expect(() => shiftedSequence({ A, betaA: 1, betaB: 1, length: -1, rng: createRng(1) })).toThrow(/^length must/);
  });
});

describe('heatSimulation2d', () => {
  it('a step is Crank-Nicolson, and its matrix is that of heatStep2d', () => {
    const heat = heatSimulation2d({ nx: 6, dt: 0.01, coefficient: () => 0.7 });
    const state = heat.init();
    const { A: matrix, b, context, x0 } = heat.system(state);
    const expected = heatStep2d({ nx: 6, diffusivity: 0.7, dt: 0.01 });
    expect(context).toBe(0.7);
    expect(x0).toEqual(state.u);
    expect(distance(matrix.values, expected.values)).toBeLessThan(1e-15);
    // b = (2 I - A) u + dt f: the source at t + dt/2.
    const right = spmv(expected, state.u).map((v, i) => 2 * state.u[i] - v);
    const source = b.map((v, i) => (v - right[i]) / 0.01);
    const angle = 16 * Math.PI * 0.005;
    source.forEach((f, k) => {
      const [x, y] = [((k % 5) + 1) / 6, (Math.floor(k / 5) + 1) / 6];
      const r2 = (x - 0.5 - Math.cos(angle) / 4) ** 2 + (y - 0.5 - Math.sin(angle) / 4) ** 2;
      const bump = r2 < 1 / 64 ? Math.exp(1 - 1 / (1 - 64 * r2)) : 0;
      expect(f).toBeCloseTo(32 * bump, 9);
    });
    expect(state.u[12]).toBe(1); // the middle of the bump
    expect(Math.min(...state.u)).toBe(0);
  });

  it('without a source the slowest mode decays as exp(-2 π² κ t)', () => {
    const mode = (x: number, y: number) => Math.sin(Math.PI * x) * Math.sin(Math.PI * y);
    const heat = heatSimulation2d({ nx: 24, dt: 1e-3, coefficient: () => 1, forcing: () => 0, initial: mode });
    let state = heat.init();
    for (let t = 0; t < 50; t++) {
      const { A: matrix, b, x0 } = heat.system(state);
      state = heat.advance(state, cg(matrix, b, { x0, rtol: 1e-12 }).x);
    }
    expect(state.t).toBeCloseTo(0.05, 12);
    const decay = norm(state.u) / norm(heat.init().u);
    // The scheme is second order in dt and h: λ_h = 2 (2 - 2 cos πh)/h², factor ((1 - λdt/2)/(1 + λdt/2))^50.
    const lambda = 2 * (2 - 2 * Math.cos(Math.PI / 24)) * 24 * 24;
    expect(decay).toBeCloseTo(((1 - lambda / 2000) / (1 + lambda / 2000)) ** 50, 9);
    expect(decay).toBeCloseTo(Math.exp(-2 * Math.PI * Math.PI * 0.05), 2);
  });

  it('has the coefficient of the program, or of the text', () => {
    const at = (t: number, variant?: 'program' | 'text') =>
      heatSimulation2d({ nx: 3, ...(variant && { variant }) }).system({ u: new Float64Array(4), t: t - 5e-4 }).context;
    expect(at(0.25)).toBeCloseTo(0.1, 12);
    expect(at(0.75)).toBeCloseTo(10, 12);
    expect(at(0.25, 'text')).toBeCloseTo(0.01, 12);
    expect(heatSimulation2d({ nx: 4, variant: 'text' }).init().u[4]).toBeCloseTo(Math.exp(-1), 14);
    // The text has cosines in both coordinates: the source moves on the diagonal, and is e times weaker.
    const text = heatSimulation2d({ nx: 16, variant: 'text', initial: () => 0, dt: 1e-3 });
    const t = 0.01;
    const { b } = text.system({ u: new Float64Array(225), t });
    const centre = 0.5 + Math.cos(16 * Math.PI * (t + 5e-4)) / 4;
    b.forEach((value, k) => {
      const [x, y] = [((k % 15) + 1) / 16, (Math.floor(k / 15) + 1) / 16];
      const rest = 1 - 64 * ((x - centre) ** 2 + (y - centre) ** 2);
      expect(value / 1e-3).toBeCloseTo(rest > 0 ? 32 * Math.exp(-1 / rest) : 0, 9);
    });
    expect(Math.max(...b)).toBeGreaterThan(0);
    // A bump is 0 on its rim and outside, where 1/(1 - 1) would be.
    const rim = heatSimulation2d({ nx: 4 }).init().u;
    expect([rim[3], rim[4], rim[5]]).toEqual([0, 1, 0]);
    expect(() => heatSimulation2d({ nx: 1 })).toThrow(/^nx must/);
    expect(() => heatSimulation2d({ nx: 4, dt: 0 })).toThrow(/^dt must/);
    const bad = heatSimulation2d({ nx: 4, coefficient: () => -1 });
    expect(() => bad.system(bad.init())).toThrow(/^coefficient must/);
    expect(() => bad.advance(bad.init(), [1])).toThrow(/^x must have length 9/);
  });
});

describe('solveSequence', () => {
  it('charges what the solver says, and nothing is lost on the way', () => {
    const systems = [...sequence(3)];
    const out = solveSequence(systems, { learner: fixedOmega(1.3), rng: createRng(1), solve });
    const expected = systems.map(({ A: matrix, b }) => sor(matrix, b, { omega: 1.3 }));
    expect(out.costs).toEqual(Float64Array.from(expected, ({ iterations }) => iterations));
    expect(out.totalCost).toBe(expected.reduce((s, { iterations }) => s + iterations, 0));
    expect(out.omegas).toEqual(systems.map(() => 1.3));
    expect(out.contexts).toEqual(Float64Array.from(systems, ({ context }) => context ?? NaN));
    expect(out.x).toEqual(expected[11].x);
    expect([out.status, out.failures, out.state.t]).toEqual(['completed', 0, 12]);
    const flops = solveSequence(systems, { learner: fixedOmega(1.3), rng: createRng(1), solve, cost: (r) => r.flops });
    expect(flops.totalCost).toBe(expected.reduce((s, { flops: f }) => s + f, 0));
  });

  it('a sequence in two parts is the sequence', () => {
    const learner = omegaLearner();
    const whole = solveSequence(sequence(5, 40), { learner, rng: createRng(2), solve });
    const systems = [...sequence(5, 40)];
    const rng = createRng(2);
    const first = solveSequence(systems.slice(0, 15), { learner, rng, solve });
    const kept = structuredClone(first.state);
    const second = solveSequence(systems.slice(15), { learner, rng, solve, start: first.state });
    expect(first.state).toEqual(kept);
    expect(second.state).toEqual(whole.state);
    expect([...first.costs, ...second.costs]).toEqual([...whole.costs]);
  });

  it('each system may come from the last solution', () => {
    const seen: (number | undefined)[] = [];
    const next = (previous: Float64Array | undefined, t: number): LinearSystem | undefined => {
      seen.push(previous?.[0]);
      return t === 3
        ? undefined
        : { A: csrFromDense([[2]]), b: Float64Array.of(previous === undefined ? 8 : previous[0]) };
    };
    const out = solveSequence(next, { learner: fixedOmega(1), rng: createRng(1), solve });
    expect(seen).toEqual([undefined, 4, 2, 1]);
    expect(Number.isNaN(out.contexts[0])).toBe(true);
    expect(solveSequence([], { learner: fixedOmega(1), rng: createRng(1), solve }).x).toBeUndefined();
  });

  it('a failure costs its limit, and a retry is charged too but not told to the learner', () => {
    const systems = [...sequence(6, 3)];
    const capped: SolveWith<number> = (system, omega, workspace) =>
      sor(system.A, system.b, { omega, workspace, maxIterations: omega === 1.9 ? 5 : 1000 });
    const learner = omegaLearner({ grid: [1.9], costScale: 'running-mean' });
    const plain = solveSequence(systems, { learner, rng: createRng(1), solve: capped });
    expect([plain.failures, ...plain.costs]).toEqual([3, 5, 5, 5]);
    const retried = solveSequence(systems, { learner, rng: createRng(1), solve: capped, retry: { omega: 1 } });
    expect(retried.failures).toBe(3);
    expect(retried.state).toEqual(plain.state);
    retried.costs.forEach((c, t) => expect(c).toBe(5 + sor(systems[t].A, systems[t].b, { omega: 1 }).iterations));
    expect(retried.x).toEqual(sor(systems[2].A, systems[2].b, { omega: 1 }).x);
  });

  it('ends when told to, by callback or signal', () => {
    const rng = createRng(1);
    const stopped = solveSequence(sequence(7), { learner: fixedOmega(1), rng, solve, onSystem: (t) => t < 4 });
    expect([stopped.status, stopped.costs.length]).toEqual(['stopped-by-callback', 5]);
    const controller = new AbortController();
    const aborted = solveSequence(sequence(7), {
      learner: fixedOmega(1),
      rng,
      solve,
      signal: controller.signal,
      onSystem: (t) => {
        if (t === 2) controller.abort();
      },
    });
    expect([aborted.status, aborted.costs.length]).toEqual(['aborted', 3]);
  });

  it('refuses costs that are none', () => {
    const options = { learner: fixedOmega(1), rng: createRng(1), solve };
    expect(() => solveSequence(sequence(1), { ...options, cost: () => NaN })).toThrow(/^cost must be finite/);
    expect(() => solveSequence(sequence(1), { ...options, cost: () => -1 })).toThrow(/^cost must be finite/);
  });
});

describe('hindsight', () => {
  const grid = [1, 1.2, 1.4, 1.6];
  it('is the table of all costs, its cheapest column and its cheapest entries', () => {
    const systems = [...sequence(8)];
    const table = costTable(systems, grid, { solve });
    expect([table.systems, table.values]).toEqual([12, 4]);
    const rows = systems.map(({ A: matrix, b }) => grid.map((omega) => sor(matrix, b, { omega }).iterations));
    expect([...table.costs]).toEqual(rows.flat());
    const totals = grid.map((_, i) => rows.reduce((s, row) => s + row[i], 0));
    const best = bestFixedInHindsight(table);
    expect(best).toEqual({ index: totals.indexOf(Math.min(...totals)), totalCost: Math.min(...totals) });
    const optimal = instanceOptimal(table);
    expect(optimal.totalCost).toBe(rows.reduce((s, row) => s + Math.min(...row), 0));
    expect([...optimal.indices]).toEqual(rows.map((row) => row.indexOf(Math.min(...row))));
    expect(optimal.totalCost).toBeLessThanOrEqual(best.totalCost);
    expect(() => costTable(systems, [], { solve })).toThrow(RangeError);
    expect(() => instanceOptimal({ systems: 2, values: 2, costs: [1] })).toThrow(/^costs must have length 4/);
  });

  it('golden section finds the middle of the flat bottom', () => {
    const cost = (omega: number) => Math.max(7, Math.ceil(Math.abs(omega - 1.45) * 100));
    const found = goldenSectionOmega(cost, { evaluations: 30 });
    expect(Math.abs(found - 1.45)).toBeLessThan(0.07);
    expect(cost(found)).toBe(7);
    let calls = 0;
    goldenSectionOmega((omega) => (calls++, omega), { low: 0, high: 1, evaluations: 9 });
    expect(calls).toBe(9);
    const shifted = poisson2d(10, 10, { shift: 0.2 });
    const b = Float64Array.from({ length: 100 }, (_, i) => Math.sin(i * i));
    const omega = goldenSectionOmega((w) => sor(shifted, b, { omega: w }).iterations);
    const theory = optimalOmega(jacobiRadiusPoisson({ nx: 10, ny: 10, shift: 0.2 }));
    expect(sor(shifted, b, { omega }).iterations).toBeLessThanOrEqual(
      sor(shifted, b, { omega: theory }).iterations + 1,
    );
    expect(() => goldenSectionOmega(cost, { low: 1, high: 1 })).toThrow(/^high must/);
    expect(() => goldenSectionOmega(cost, { evaluations: 1 })).toThrow(/^evaluations must/);
  });

  it('a right-hand side with a small eigenvalue of C_ω makes that ω look best', () => {
    // b = 1 is ordinary: the best ω of the grid is next to ω*.
    const matrix = poisson2d(10, 10);
    const omegas = [1, 1.2, 1.4, 1.5, 1.56039, 1.6, 1.7, 1.8, 1.9];
    const ordinary = omegaProfile(matrix, new Float64Array(100).fill(1), omegas);
    expect([...ordinary]).toEqual([223, 145, 88, 62, 41, 43, 58, 89, 187]);
    // Young: the error λ^{(ix + iy)/2} sin(π ix/11) sin(π iy/11) is multiplied by λ in each sweep, λ the smaller root of
    // (λ + ω - 1)² = λ ω² β². The product of both roots is (ω - 1)².
    const beta = Math.cos(Math.PI / 11);
    const lambda = 0.4 ** 2 / sorSpectralRadius({ omega: 1.4, beta });
    const error = Float64Array.from({ length: 100 }, (_, k) => {
      const [ix, iy] = [(k % 10) + 1, Math.floor(k / 10) + 1];
      return Math.sqrt(lambda) ** (ix + iy) * Math.sin((Math.PI * ix) / 11) * Math.sin((Math.PI * iy) / 11);
    });
    const special = omegaProfile(matrix, spmv(matrix, error), omegas);
    expect(special[2]).toBe(Math.ceil(Math.log(1e-8) / Math.log(lambda)));
    special.forEach((count, i) => i === 2 || expect(count).toBeGreaterThan(2 * special[2]));
  });
});

describe('compareOmegaPolicies', () => {
  it('gives every policy the same systems, and regrets that add up', () => {
    const grid = omegaGrid({ size: 8 });
    const calls: (number | string)[] = [];
    const fractions: number[] = [];
    const rows = compareOmegaPolicies({
      makeSequence: (seed) => (calls.push(seed), sequence(seed, 30)),
      policies: { tsallis: omegaLearner({ grid }), 'by seed': (seed) => fixedOmega(seed === 1 ? 1 : 1.5) as never },
      seeds: [1, 2, 3],
      solve,
      baselines: {
        grid,
        fixed: [1, 1.5],
        theory: ({ context }) => optimalOmega(jacobiRadiusPoisson({ nx: 4, ny: 4, shift: context ?? 0 })),
        goldenSection: { evaluations: 12 },
      },
      onProgress: (fraction) => fractions.push(fraction),
    });
    expect(rows.map(({ name }) => name)).toEqual([
      'tsallis',
      'by seed',
      'omega 1',
      'omega 1.5',
      'omega by theory',
      'golden section',
      'best fixed',
      'instance-optimal',
    ]);
    expect(calls.length).toBe(3 * 7);
    const row = (name: string) => rows.find((r) => r.name === name) ?? rows[0];
    for (const r of rows) {
      expect(r.totals.length).toBe(3);
      expect(r.mean).toBeCloseTo((r.totals[0] + r.totals[1] + r.totals[2]) / 3, 10);
      const variance = [...r.totals].reduce((s, v) => s + (v - r.mean) ** 2, 0) / 2;
      expect(r.standardError).toBeCloseTo(Math.sqrt(variance / 3), 10);
      expect(r.perSystem).toBeCloseTo(r.mean / 30, 10);
      expect(r.regretToBestFixed).toBeCloseTo(r.mean - row('best fixed').mean, 8);
      expect(r.regretToInstanceOptimal).toBeCloseTo(r.mean - row('instance-optimal').mean, 8);
      r.costs.forEach((costs, s) => expect(costs.reduce((a, c) => a + c, 0)).toBe(r.totals[s]));
    }
    expect(row('by seed').totals[0]).toBe(row('omega 1').totals[0]);
    expect(row('by seed').totals[1]).toBe(row('omega 1.5').totals[1]);
    expect(row('instance-optimal').mean).toBeLessThanOrEqual(row('best fixed').mean);
    expect(row('best fixed').omegas[0].every((w, _, all) => w === all[0])).toBe(true);
    expect(fractions.every((f, i) => i === 0 || f > fractions[i - 1])).toBe(true);
    expect(fractions.at(-1)).toBe(1);
    expect(() => compareOmegaPolicies({ makeSequence: sequence, policies: {}, seeds: [], solve })).toThrow(/^seeds/);
    const policies = { 'omega 1': fixedOmega(1.2) as never };
    expect(() =>
      compareOmegaPolicies({ makeSequence: sequence, policies, seeds: [1], solve, baselines: { fixed: [1] } }),
    ).toThrow("policies must not have the name of a baseline, got 'omega 1'");
  });
});
