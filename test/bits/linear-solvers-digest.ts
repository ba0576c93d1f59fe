import { createRng } from '../../src/random/create-rng.js';
import * as solvers from '../../src/linear-solvers/index.js';
import { bitsOf } from './bits-of.js';

/** Iterates and residual norms of every solver on one grid, the theory of ω, and two hundred learned solves with every learner. */
export function linearSolversDigest(): string {
  const values: number[] = [];
  const add = (...numbers: ArrayLike<number>[]) => numbers.forEach((list) => values.push(...Array.from(list)));
  const A = solvers.poisson2d(9, 7, { shift: 0.1 });
  const b = Float64Array.from({ length: 63 }, (_, i) => ((i * 37) % 23) / 7 - 1);
  const omega = 1.37;
  const results = [
    solvers.jacobi(A, b),
    solvers.sor(A, b, { omega }),
    solvers.sor(A, b, { omega, direction: 'backward' }),
    solvers.ssor(A, b, { omega }),
    solvers.redBlackSor(A, b, { omega }),
    solvers.richardson(A, b, { alpha: 0.2 }),
    solvers.chebyshevIteration(A, b, { lambdaMin: 0.3, lambdaMax: 8 }),
    solvers.cg(A, b),
    solvers.cg(A, b, { preconditioner: 'ic0' }),
    solvers.cg(A, b, { preconditioner: { kind: 'ssor', omega } }),
    solvers.eisenstatSsorCg(A, b, { omega }),
    solvers.minres(A, b),
    solvers.gmres(A, b, { restart: 7, preconditioner: 'ilu0' }),
    solvers.bicgstab(solvers.convectionDiffusion2d(9, 7, { px: 0.4, py: 0.2 }), b),
    solvers.geometricMultigrid2d(15).solve(new Float64Array(225).fill(1)),
  ];
  for (const { x, residualNorms, iterations } of results) add(x, residualNorms, [iterations]);

  const beta = solvers.jacobiSpectralRadius(A);
  const { mu, nu, kappa, omegaStar } = solvers.ssorPcgConstants(A);
  add([beta, mu, nu, kappa, omegaStar, solvers.optimalOmega(beta), solvers.sorIterationSpectralRadius(A, omega)]);
  add([
    solvers.sorEnergyNorm(A, omega),
    solvers.sorEnergyNormBound(A, omega),
    solvers.surrogateIterationBound({ omega, beta, tau: 0.2, epsilon: 1e-8 }),
    solvers.tsallisOmegaRegret({ T: 5000, alphaMax: 0.85, epsilon: 1e-8 }).regretBound,
    solvers.nearAsymptoticTau(A, b, { omegas: [1, 1.3], epsilon: 1e-6 }).tau,
  ]);
  add(solvers.randomSpd(12, { conditionNumber: 50 }, createRng('spd')).values);
  add(solvers.randomSpd(12, { density: 0.4, conditionNumber: 50 }, createRng('spd')).values);

  const context = { low: -0.15, high: 0.65 };
  const methods = [
    'tsallis-inf',
    'binned-tsallis-inf',
    'cheb-cb',
    'lin-ucb',
    'lin-ts',
    'young-calibrated',
    'uniform',
  ] as const;
  for (const method of methods) {
    const { costs, omegas, contexts, x } = solvers.solveSequence(
      solvers.shiftedSequence({ A, betaA: 0.5, betaB: 1.5, length: 200, rng: createRng('digest', 'systems') }),
      {
        learner: solvers.omegaLearner({ method, context, diagonal: 4.1 }),
        rng: createRng('digest', method),
        solve: (system, value, workspace) => solvers.sor(system.A, system.b, { omega: value, workspace }),
      },
    );
    add(costs, omegas, contexts, x ?? []);
  }

  const heat = solvers.heatSimulation2d({ nx: 9 });
  let state = heat.init();
  for (let t = 0; t < 30; t++) {
    const system = heat.system(state);
    state = heat.advance(state, solvers.cg(system.A, system.b, { x0: system.x0 }).x);
    add([system.context], state.u);
  }
  return bitsOf(values);
}
