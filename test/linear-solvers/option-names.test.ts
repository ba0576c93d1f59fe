// A misspelt option is refused by name, before any work, by every public function with options that may be left out;
// sweeps, which loops call, do not look.
import { expect, it } from 'vitest';
import * as solvers from '../../src/linear-solvers/index.js';
import { createRng } from '../../src/random/index.js';

const A = solvers.poisson2d(3, 3);
const b = new Float64Array(9).fill(1);
const shape = { betaA: 2, betaB: 6, length: 2 };
const context = { low: 0, high: 1 };
const run: Pick<solvers.SolveSequenceOptions<solvers.FixedOmegaState, number>, 'learner' | 'rng' | 'solve'> = {
  learner: solvers.fixedOmega(1),
  rng: createRng(1),
  solve: (system, omega, workspace) => solvers.sor(system.A, system.b, { omega, workspace }),
};
const comparison = {
  makeSequence: (seed: number | string) => solvers.shiftedSequence({ A, ...shape, rng: createRng(seed) }),
  policies: { one: solvers.omegaLearner({ method: 'fixed', grid: [1] }) },
  seeds: [1],
  solve: run.solve,
};

/** Name, what is called with options, options that it takes, and, where it is not 'options', what the message calls them. */
const CALLS: [string, (options: never) => unknown, object, string?][] = [
  ['poisson1d', (options) => solvers.poisson1d(4, options), { boundary: 'neumann' }],
  ['poisson2d', (options) => solvers.poisson2d(4, 4, options), { boundary: 'neumann' }],
  ['poisson3d', (options) => solvers.poisson3d(2, 2, 2, options), { shift: 1 }],
  ['heatStep2d', solvers.heatStep2d, { nx: 3, diffusivity: 1, dt: 1, scheme: 'backward-euler' }],
  ['convectionDiffusion2d', (options) => solvers.convectionDiffusion2d(2, 2, options), { px: 1, py: 1 }],
  ['randomSpd', (options) => solvers.randomSpd(3, options, createRng(1)), { density: 1 }],
  ['csrToDense', (options) => solvers.csrToDense(A, options), { nested: true }],
  ['csrLower', (options) => solvers.csrLower(A, options), { strict: true }],
  ['csrUpper', (options) => solvers.csrUpper(A, options), { unit: true }],
  ['formatMatrixMarket', (options) => solvers.formatMatrixMarket(A, options), { precision: 5 }],
  ['stencil2d', solvers.stencil2d, { nx: 2, ny: 2, diag: 5 }],
  ['stencil3d', solvers.stencil3d, { nx: 2, ny: 2, nz: 2, up: -2 }],
  ['shiftedSequence', solvers.shiftedSequence, { A, ...shape, width: 1, rng: createRng(1) }],
  ['heatSimulation2d', solvers.heatSimulation2d, { nx: 3, dt: 1e-2, variant: 'text' }],
  ['jacobi', (options) => solvers.jacobi(A, b, options), { omega: 0.9, rtol: 1e-3 }],
  ['gaussSeidel', (options) => solvers.gaussSeidel(A, b, options), { direction: 'backward' }],
  ['sor', (options) => solvers.sor(A, b, options), { omega: 1.2, x0: b }],
  ['ssor', (options) => solvers.ssor(A, b, options), { omega: 1.2, atol: 1 }],
  ['redBlackSor', (options) => solvers.redBlackSor(A, b, options), { omega: 1.2 }],
  ['richardson', (options) => solvers.richardson(A, b, options), { alpha: 0.1 }],
  ['chebyshevIteration', (options) => solvers.chebyshevIteration(A, b, options), { lambdaMin: 0.5, lambdaMax: 8 }],
  ['cg', (options) => solvers.cg(A, b, options), { preconditioner: 'jacobi' }],
  ['eisenstatSsorCg', (options) => solvers.eisenstatSsorCg(A, b, options), { omega: 1.2 }],
  ['minres', (options) => solvers.minres(A, b, options), { maxIterations: 4 }],
  ['gmres', (options) => solvers.gmres(A, b, options), { restart: 4 }],
  ['bicgstab', (options) => solvers.bicgstab(A, b, options), { preconditioner: 'ilu0' }],
  ['geometricMultigrid2d', (options) => solvers.geometricMultigrid2d(3, options), { preSmooth: 2 }],
  ['its solve', (options) => solvers.geometricMultigrid2d(3).solve(b, options), { rtol: 1e-3 }],
  ['multigridPreconditioner', (options) => solvers.multigridPreconditioner(A, options), { sweeps: 2 }],
  ['ssorPreconditioner', (options) => solvers.ssorPreconditioner(A, options), { omega: 1 }],
  ['incompleteCholesky0', (options) => solvers.incompleteCholesky0(A, options), { onBreakdown: 'throw' }],
  ...(
    [
      { kind: 'jacobi' },
      { kind: 'ilu0' },
      { kind: 'ic0', onBreakdown: 'throw' },
      { kind: 'ssor', omega: 1.2 },
      { kind: 'ssor', omega: 1.2, eisenstat: true },
      { kind: 'multigrid', sweeps: 2 },
    ] as const
  ).map((choice): [string, (options: never) => unknown, object, string] => [
    `cg with ${JSON.stringify(choice)}`,
    (preconditioner) => solvers.cg(A, b, { preconditioner }),
    choice,
    'preconditioner',
  ]),
  ['jacobiSpectralRadius', (options) => solvers.jacobiSpectralRadius(A, options), { method: 'dense' }],
  ['jacobiRadiusPoisson', solvers.jacobiRadiusPoisson, { nx: 3, shift: 0.1 }],
  ['estimateRate', (options) => solvers.estimateRate([4, 2, 1], options), { window: 2 }],
  ['sorIterationSpectralRadius', (options) => solvers.sorIterationSpectralRadius(A, 1, options), { kind: 'ssor' }],
  ['sorEnergyNormBound', (options) => solvers.sorEnergyNormBound(A, 1, options), { variant: 'paper' }],
  [
    'ssorPcgIterationBound',
    solvers.ssorPcgIterationBound,
    { omega: 1, mu: 4, nu: 0, kappa: 9, epsilon: 0.1, tau: 0.8 },
  ],
  ['omegaGrid', solvers.omegaGrid, { kind: 'midpoint', omegaMax: 1.9 }],
  ['omegaLearner', solvers.omegaLearner, { method: 'tsallis-inf', costScale: 'running-max' }],
  ['its context', (interval) => solvers.omegaLearner({ context: interval }), context, 'context'],
  ['its grid', (grid) => solvers.omegaLearner({ grid }), { min: 1, max: 1.9, size: 3 }, 'grid'],
  ['binnedTsallisInf', (options) => solvers.binnedTsallisInf([1, 2], options), { ...context, bins: 2 }],
  ['calibratedYoung', solvers.calibratedYoung, { diagonal: 4, calibration: 2 }],
  ['doublingLearner', (options) => solvers.doublingLearner(() => run.learner, options), { firstHorizon: 2 }],
  ['logCostLearner', (options) => solvers.logCostLearner([1], options), { ...context, policy: 'ucb', width: 2 }],
  [
    'solveSequence',
    (options) => solvers.solveSequence(comparison.makeSequence(1), options),
    { ...run, retry: undefined },
  ],
  ['its retry', (retry) => solvers.solveSequence([], { ...run, retry }), { omega: 1 }, 'retry'],
  ['compareOmegaPolicies', solvers.compareOmegaPolicies, { ...comparison, baselines: { fixed: [1] } }],
  [
    'its baselines',
    (baselines) => solvers.compareOmegaPolicies({ ...comparison, baselines }),
    { grid: [1, 1.2] },
    'baselines',
  ],
  [
    'costTable',
    (options) => solvers.costTable([], [1], options),
    { solve: run.solve, cost: (result: solvers.SolveResult) => result.flops },
  ],
  ['goldenSectionOmega', (options) => solvers.goldenSectionOmega((x) => x, options), { evaluations: 4 }],
  ['omegaProfile', (options) => solvers.omegaProfile(A, b, [1], options), { rtol: 1e-3 }],
];

it.each(CALLS)('%s refuses a misspelt option', (_, call, options, name = 'options') => {
  expect(() => call(options as never)).not.toThrow();
  const misspelt = { ...options, boundry: 'neumann' } as never;
  expect(() => call(misspelt)).toThrow(TypeError);
  expect(() => call(misspelt)).toThrow(`${name} has no 'boundry'; it may have`);
});

it('a preconditioner object reaches what it names', () => {
  // Kershaw's matrix: positive definite, and its incomplete factor has a failed pivot.
  const kershaw = [
    [3, -2, 0, 2],
    [-2, 3, -2, 0],
    [0, -2, 3, -2],
    [2, 0, -2, 3],
  ];
  expect(solvers.cg(kershaw, [1, 2, 3, 4], { preconditioner: { kind: 'ic0' } }).converged).toBe(true);
  expect(() => solvers.cg(kershaw, [1, 2, 3, 4], { preconditioner: { kind: 'ic0', onBreakdown: 'throw' } })).toThrow(
    /^A must have positive pivots/,
  );
});
