// Adapters rename and reshape; they never compute. Comparison: |a - b| <= tol max(1, |b|) for each entry; counts, indices,
// strings and booleans exactly, and everything exactly when tol is 0.
import { inverseGapWeights } from '../../../src/bandits/adversarial/inverse-gap-weights.js';
import { chebCb, type ChebCbState } from '../../../src/bandits/contextual/cheb-cb.js';
import { tsallisInf, type TsallisInfState } from '../../../src/bandits/adversarial/tsallis-inf.js';
import { tsallisInfWeights } from '../../../src/bandits/adversarial/tsallis-inf-weights.js';
import * as solvers from '../../../src/linear-solvers/index.js';
import { boxLeastSquares } from '../../../src/optimize/box-least-squares.js';
import { goldenSectionMinimize } from '../../../src/optimize/minimize-scalar.js';
import { chebyshevFeatures } from '../../../src/special/index.js';
import type { GoldAdapters } from '../adapter.js';

type Triplets = solvers.Triplets;
type Fields = Record<string, unknown>;

const matrix = (A: unknown) => solvers.csrFromTriplets(A as Triplets);
const vector = (x: unknown) => Float64Array.from(x as (number | string)[], Number);

/** The entries of these names that are there; the rest of a case is no option. */
function pick(input: Fields, names: readonly string[]): never {
  return Object.fromEntries(
    names.filter((name) => input[name] !== undefined).map((name) => [name, input[name]]),
  ) as never;
}

const STOPPING = ['rtol', 'atol', 'relativeTo', 'maxIterations', 'divergenceFactor', 'recordResiduals'];

/** The options of a solve: those of stopping, those of the method, and x0. */
function options(input: Fields, own: readonly string[]): Fields {
  const { x0 } = input;
  return { ...(pick(input, [...STOPPING, ...own]) as Fields), ...(x0 === undefined ? {} : { x0: vector(x0) }) };
}

function solved(result: solvers.SolveResult): Fields {
  const { residualNorms } = result;
  return {
    ...result,
    reason: result.status,
    finalResidualNorm: result.residualNorm,
    residualNorms: residualNorms.subarray(0, 6),
    iterationsAtMost: result.iterations,
  };
}

type Solver = (A: solvers.CsrMatrix, b: Float64Array, options: never) => solvers.SolveResult;
const solve =
  (solver: Solver, ...own: string[]) =>
  (input: Fields) =>
    solved(solver(matrix(input.A), vector(input.b), options(input, own) as never));

/** A fixed number of iterations, with both tolerances 0. */
const steps =
  (solver: Solver, ...own: string[]) =>
  (input: Fields) => {
    const fixed = { ...options(input, own), rtol: 0, maxIterations: input.iterations };
    return solver(matrix(input.A), vector(input.b), fixed as never).x;
  };

type Sweep = (A: solvers.CsrMatrix, b: Float64Array, x: Float64Array, options: never) => Float64Array;
const sweeps = (sweep: Sweep) => (input: Fields) => {
  const x = vector(input.x0);
  for (let k = 0; k < (input.sweeps as number); k++) sweep(matrix(input.A), vector(input.b), x, input as never);
  return x;
};

export const adapters: GoldAdapters['adapters'] = {
  csrFromTriplets: (input) => solvers.csrFromTriplets(input as unknown as Triplets),
  csrFromDense: ({ dense }) => solvers.csrFromDense(dense),
  spmv: ({ A, x }) => solvers.spmv(matrix(A), vector(x)),
  spmvTranspose: ({ A, x }) => solvers.spmvTranspose(matrix(A), vector(x)),
  poisson1d: (input) => solvers.poisson1d(input.n, pick(input, ['boundary', 'shift'])),
  poisson2d: (input) => solvers.poisson2d(input.nx, input.ny, pick(input, ['boundary', 'shift'])),
  poisson3d: (input) => solvers.poisson3d(input.nx, input.ny, input.nz, pick(input, ['boundary', 'shift'])),
  heatStep2d: (input) => solvers.heatStep2d(pick(input, ['nx', 'diffusivity', 'dt', 'scheme'])),
  convectionDiffusion2d: (input) => solvers.convectionDiffusion2d(input.nx, input.ny, pick(input, ['px', 'py'])),
  graphLaplacian: ({ n, edges }) => solvers.graphLaplacian(n, edges),
  poissonMasked2d: ({ mask }) => solvers.poissonMasked2d(mask),
  parseMatrixMarket: ({ text }) => solvers.parseMatrixMarket(text),
  jacobiSweeps: sweeps(solvers.jacobiSweep as Sweep),
  gaussSeidelSweeps: sweeps((A, b, x) => solvers.sorSweep(A, b, x, { omega: 1 })),
  sorSweeps: sweeps(solvers.sorSweep as Sweep),
  ssorSweeps: sweeps(solvers.ssorSweep as Sweep),
  redBlackSorSweeps: sweeps(solvers.redBlackSorSweep as Sweep),
  stencilSorSweeps2d: ({ nx, ny, diag, b, x0, omega, sweeps: count, ordering }) => {
    const grid = solvers.stencil2d({ nx, ny, diag });
    const x = grid.pad(x0);
    for (let k = 0; k < count; k++) solvers.stencilSorSweep(grid, grid.pad(b), x, omega, { ordering });
    return grid.unpad(x);
  },
  richardson: steps(solvers.richardson as Solver, 'alpha', 'lambdaMin', 'lambdaMax'),
  chebyshevIteration: steps(
    solvers.chebyshevIteration as Solver,
    'lambdaMin',
    'lambdaMax',
    'checkEvery',
    'preconditioner',
  ),
  jacobi: solve(solvers.jacobi as Solver, 'omega'),
  gaussSeidel: solve(solvers.gaussSeidel as Solver, 'direction'),
  sor: solve(solvers.sor as Solver, 'omega', 'direction', 'allowAnyOmega'),
  ssor: solve(solvers.ssor as Solver, 'omega', 'allowAnyOmega'),
  cg: solve(solvers.cg as Solver, 'preconditioner', 'nullSpace'),
  gmres: solve(solvers.gmres as Solver, 'restart', 'preconditioner'),
  bicgstab: solve(solvers.bicgstab as Solver, 'preconditioner'),
  minres: solve(solvers.minres as Solver),
  incompleteCholesky0: ({ A }) => solvers.incompleteCholesky0(matrix(A)).factor,
  ssorPrecondition: ({ A, omega, r }) => {
    const z = new Float64Array((r as number[]).length);
    solvers.ssorPreconditioner(matrix(A), { omega })(vector(r), z);
    return z;
  },
  jacobiSpectralRadius: ({ A }) => solvers.jacobiSpectralRadius(matrix(A)),
  jacobiRadiusFromRate: (input) => solvers.jacobiRadiusFromRate(input as never),
  optimalOmega: ({ beta }) => solvers.optimalOmega(beta),
  sorSpectralRadius: (input) => solvers.sorSpectralRadius(input as never),
  sorIterationSpectralRadius: ({ A, omega, kind }) =>
    solvers.sorIterationSpectralRadius(matrix(A), omega, kind === undefined ? {} : { kind }),
  surrogateIterationBound: (input) => solvers.surrogateIterationBound(input as never),
  surrogateConstants: (input) => solvers.surrogateConstants(input as never),
  nearAsymptoticTau: ({ A, b, ...rest }) => solvers.nearAsymptoticTau(matrix(A), vector(b), rest as never),
  sorEnergyNorm: ({ A, omega }) => solvers.sorEnergyNorm(matrix(A), omega),
  sorEnergyNormBound: ({ A, omega }) => solvers.sorEnergyNormBound(matrix(A), omega),
  ssorPcgConstants: ({ A }) => solvers.ssorPcgConstants(matrix(A)),
  ssorPcgIterationBound: (input) =>
    solvers.ssorPcgIterationBound(pick(input, ['omega', 'mu', 'nu', 'kappa', 'epsilon', 'tau'])),
  ssorPreconditionedConditionBound: (input) => solvers.ssorPreconditionedConditionBound(input as never),
  tsallisRegretBound: (input) => solvers.tsallisRegretBound(input as never),
  tsallisOmegaRegret: (input) => solvers.tsallisOmegaRegret(input as never),
  omegaGrid: (input) => solvers.omegaGrid(pick(input, ['kind', 'size', 'omegaMin', 'omegaMax'])),
  chebyshevFeatures: ({ context, ...rest }) => chebyshevFeatures(context, rest as never),
  inverseGapWeights: ({ scores, eta }) => inverseGapWeights(scores, eta),
  tsallisInfProbabilities({ cumulativeLoss, eta }) {
    const { weights, normalizer } = tsallisInfWeights(cumulativeLoss, eta);
    return { probabilities: weights, normalizer };
  },
  boxLeastSquares: ({ gram, rhs, bound }) => boxLeastSquares(gram, rhs, bound),
  chebCbTrajectory({ costs, contexts, uniforms, ...options }) {
    const arms = (costs as number[][])[0].length;
    const policy = chebCb({ arms, ...(options as unknown as { features: number; low: number; high: number }) });
    const values = Array.from({ length: arms }, (_, i) => i);
    const learner = solvers.contextualLearner(policy, values, (context) => context);
    const { state, actions, probabilities } = trajectory(learner, costs, uniforms, contexts);
    const { theta, eta, scale: scaleValue } = state as ChebCbState;
    const m = theta.length / arms;
    return { actions, probabilities, eta, scaleValue, theta: values.map((i) => theta.subarray(i * m, (i + 1) * m)) };
  },
  goldenSectionMinimize({ c, ...rest }) {
    const { x, bracket } = goldenSectionMinimize((at) => Math.abs(at - c), rest as never);
    return { x, low: bracket[0], high: bracket[1] };
  },
  tsallisInfTrajectory({ costs, uniforms, scale, K, schedule }) {
    const arms = (costs as number[][])[0].length;
    const policy = tsallisInf({
      arms,
      feedback: 'loss',
      schedule,
      costScale: scale,
      ...(K === null ? {} : { scale: K }),
    });
    const values = Array.from({ length: arms }, (_, i) => i);
    const { state, actions, probabilities } = trajectory(solvers.banditLearner(policy, values), costs, uniforms);
    const { losses, weights, scale: scaleValue } = state as TsallisInfState;
    return { actions, probabilities, cumulative: losses, nextProbabilities: weights, scaleValue };
  },
};

/** The learner fed with costs[t][arm] and one uniform for each round. */
function trajectory<State>(
  learner: solvers.OmegaLearner<State>,
  costs: number[][],
  uniforms: number[],
  contexts: number[] = [],
) {
  let state = learner.init();
  const played = costs.map((row, t) => {
    const selection = learner.select(state, () => uniforms[t], contexts[t]);
    state = learner.update(state, selection, row[selection.index]);
    return selection;
  });
  return { state, actions: played.map((s) => s.index), probabilities: played.map((s) => s.probability) };
}

const EXACT = new Set(['iterations', 'rows', 'cols', 'rowPtr', 'colIdx', 'actions', 'gridSize']);

export const matches: GoldAdapters['matches'] = (actual, expected, tol) => {
  if (isFields(expected) && 'throws' in expected) {
    return actual instanceof Error && (expected.throws === true || actual.name === expected.throws);
  }
  return !(actual instanceof Error) && agree(actual, expected, tol as number, false);
};

function agree(actual: unknown, expected: unknown, tol: number, exact: boolean): boolean {
  if (typeof expected === 'number') {
    if (typeof actual !== 'number') return false;
    return exact || tol === 0
      ? actual === expected
      : Math.abs(actual - expected) <= tol * Math.max(1, Math.abs(expected));
  }
  if (Array.isArray(expected)) {
    const list = actual as ArrayLike<unknown>;
    return list?.length === expected.length && expected.every((value, i) => agree(list[i], value, tol, exact));
  }
  if (isFields(expected)) {
    return Object.entries(expected).every(([key, value]) => {
      const found = (actual as Fields)[key];
      if (key === 'iterationsAtMost') return (found as number) <= (value as number);
      if (key === 'residualNorms')
        return agree(Array.from(found as Float64Array).slice(0, (value as []).length), value, tol, false);
      return agree(found, value, tol, EXACT.has(key));
    });
  }
  return actual === expected;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
