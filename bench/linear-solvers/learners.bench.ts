// What learning costs: select and update of each learner at d = 20 values, and a learned sequence of 5 000 solves (R1 of the claims).
//
// There is no other library to compare with; the first contender is the solve that a learner steers, one SOR solve of 100 unknowns, and
// the bars are absolute: 3 us for Tsallis-INF, 20 us for ChebCB, 2 s for the sequence.
import {
  omegaLearner,
  type OmegaLearner,
  type OmegaMethod,
  poisson2d,
  prepareCsr,
  shiftedSequence,
  solverWorkspace,
  solveSequence,
  sor,
} from 'lemmata/linear-solvers';
import { createRng } from 'lemmata/random';
import { race, report, type Contender } from '../harness.js';

const STEPS = 2000;
const context = { low: -0.15, high: 0.65 };

function steps(method: Exclude<OmegaMethod, 'uniform' | 'fixed'>): Contender {
  const learner = omegaLearner({ method, context, diagonal: 4 });
  const observation = { residualNorms: [4, 2, 1] };
  return {
    name: `${method}, ${STEPS} choices`,
    run() {
      const rng = createRng(method);
      let state = learner.init();
      let total = 0;
      for (let t = 0; t < STEPS; t++) {
        const c = -0.15 + 0.6 * rng();
        const choice = learner.select(state, rng, c);
        const cost = 20 + Math.abs(choice.value - 1.8 + c) * 100;
        state = learner.update(state, choice, cost, state, observation);
        total += choice.value;
      }
      return total;
    },
  };
}

const A = prepareCsr(poisson2d(10, 10));
const b = new Float64Array(100).fill(1);
const workspace = solverWorkspace();
const scores = race(
  [
    {
      name: `sor at the best omega, ${STEPS} solves`,
      run() {
        let total = 0;
        for (let t = 0; t < STEPS; t++) total += sor(A, b, { omega: 1.56, workspace }).iterations;
        return total;
      },
    },
    steps('tsallis-inf'),
    steps('binned-tsallis-inf'),
    steps('cheb-cb'),
    steps('lin-ucb'),
    steps('lin-ts'),
    steps('young-calibrated'),
  ],
  { rounds: 15, warmup: 3 },
);
report(`choices among 20 values (bars: Tsallis-INF 3 us, ChebCB 20 us)`, scores);
console.log(
  `  us per choice: ${scores.map(({ name, median }) => `${name.split(',')[0]} ${((median * 1e3) / STEPS).toFixed(2)}`).join(', ')}`,
);

const matrix = poisson2d(10, 10);
const sequence = (learner: OmegaLearner<unknown>) => () =>
  solveSequence(shiftedSequence({ A: matrix, betaA: 0.5, betaB: 1.5, length: 5000, rng: createRng('sequence') }), {
    learner,
    rng: createRng('learner'),
    solve: (system, omega, w) => sor(system.A, system.b, { omega, workspace: w }),
  }).totalCost;
report(
  'a sequence of 5000 shifted systems (bar: ChebCB 2 s)',
  race(
    [
      { name: 'best fixed omega, 1.8', run: sequence(omegaLearner({ method: 'fixed', grid: [1.8] })) },
      { name: 'Tsallis-INF', run: sequence(omegaLearner()) },
      { name: 'ChebCB', run: sequence(omegaLearner({ context })) },
      { name: 'LinUCB', run: sequence(omegaLearner({ method: 'lin-ucb', context })) },
      { name: 'LinTS', run: sequence(omegaLearner({ method: 'lin-ts', context })) },
      { name: 'calibrated Young', run: sequence(omegaLearner({ method: 'young-calibrated', diagonal: 4 })) },
    ],
    { rounds: 3, warmup: 1 },
  ),
);
