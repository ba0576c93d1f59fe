import {
  cg,
  fixedOmega,
  heatSimulation2d,
  omegaLearner,
  solveSequence,
  type HeatState,
  type LinearSystem,
  type OmegaLearner,
} from 'lemmata/linear-solvers';
import { createRng } from 'lemmata/random';
import type { Claim } from '../claim.js';

const GRID = [1, 1.3, 1.5, 1.55, 1.6, 1.65, 1.7, 1.75, 1.8, 1.85, 1.9, 1.95];
const CONTEXT = { low: 0, high: 10 };

/** The simulation as a sequence of systems, each from the last solution. */
function heatSystems(
  nx: number,
  steps: number,
): (previous: Float64Array | undefined, t: number) => LinearSystem | undefined {
  const heat = heatSimulation2d({ nx });
  let state: HeatState = heat.init();
  return (previous, t) => {
    if (previous !== undefined) state = heat.advance(state, previous);
    return t === steps ? undefined : heat.system(state);
  };
}

export const claim: Claim = {
  id: 'khodak2024-heat',
  seed: 'Learning to Relax',
  reference: 'arXiv:2310.02246',
  statement:
    'In a heat simulation with a coefficient that changes in time, a learner that sees the coefficient needs fewer SSOR-PCG iterations than any fixed omega.',
  source: 'Figure 4 (and its table of speed-ups)',
  expected:
    'CG without preconditioner needs 85 422 iterations over 5 000 steps on 24 x 24 points, omega = 1 needs 32 793 (each within 0.2 %), the best fixed omega 29 746, ChebCB about 25 100; verdict: ChebCB below the best fixed omega by more than 3 standard errors over seeds, and at full scale the two counts',
  run({ scale, seed, onProgress }) {
    const full = scale === 'full';
    const [nx, steps, seeds] = full ? [25, 5000, 5] : [25, 1000, 4];
    const total = GRID.length + 3 * seeds + 1;
    let done = 0;
    const run = (learner: OmegaLearner<unknown>, stream: string) => {
      const result = solveSequence(heatSystems(nx, steps), {
        learner,
        rng: createRng(seed, stream),
        solve: (system, omega, workspace) =>
          cg(system.A, system.b, {
            x0: system.x0,
            workspace,
            preconditioner: { kind: 'ssor', omega, eisenstat: true },
          }),
      });
      onProgress((done += 1) / total);
      return result;
    };
    const fixed = GRID.map((omega) => run(fixedOmega(omega) as OmegaLearner<unknown>, 'fixed').totalCost);
    const best = GRID[fixed.indexOf(Math.min(...fixed))];
    const plain = solveSequence(heatSystems(nx, steps), {
      learner: fixedOmega(1),
      rng: createRng(seed, 'plain'),
      solve: (system, _omega, workspace) => cg(system.A, system.b, { x0: system.x0, workspace }),
    }).totalCost;
    onProgress((done += 1) / total);
    const learn = (name: string, learner: OmegaLearner<unknown>) => {
      const runs = Array.from({ length: seeds }, (_, s) => run(learner, `${name} ${s}`));
      const mean = runs.reduce((sum, { totalCost }) => sum + totalCost, 0) / seeds;
      const variance = runs.reduce((sum, { totalCost }) => sum + (totalCost - mean) ** 2, 0) / (seeds - 1);
      return { mean, error: Math.sqrt(variance / seeds), first: runs[0] };
    };
    const cheb = learn('ChebCB', omegaLearner({ method: 'cheb-cb', grid: GRID, context: CONTEXT }));
    const binned = learn(
      'binned',
      omegaLearner({ method: 'binned-tsallis-inf', grid: GRID, context: CONTEXT, bins: 6 }),
    );
    const tsallis = learn('Tsallis-INF', omegaLearner({ grid: GRID }));
    const least = Math.min(...fixed);
    const exact = !full || (Math.abs(plain / 85_422 - 1) < 0.002 && Math.abs(fixed[0] / 32_793 - 1) < 0.002);
    const show = ({ mean, error }: typeof cheb) => `${mean.toFixed(0)} (${error.toFixed(0)})`;
    const every = Math.max(1, Math.floor(steps / 500));
    const chosen = Array.from(cheb.first.omegas, (y, t) => ({ x: t / 1000, y, series: 'omega' })).filter(
      (_, t) => t % every === 0,
    );
    return {
      measured: `CG ${plain}, omega 1 ${fixed[0]}, best fixed ${least} (${best}), Tsallis-INF ${show(tsallis)}, binned ${show(binned)}, ChebCB ${show(cheb)}`,
      standardError: cheb.error,
      verdict: exact && least - cheb.mean > 3 * cheb.error ? 'reproduced' : 'not reproduced',
      note: `${nx - 1} x ${nx - 1} points, ${steps} Crank-Nicolson steps of 1e-3, warm starts, ${seeds} seeds of the learners. Parameters are those of the authors' program; the text of the paper differs in three places.`,
      figure: [
        {
          title: 'Omega chosen by ChebCB over the heat simulation',
          x: { label: 'time' },
          y: { label: 'omega' },
          marks: [{ kind: 'dot', points: chosen }],
        },
        {
          title: 'The coefficient it sees',
          x: { label: 'time' },
          y: { label: 'coefficient' },
          marks: [
            {
              kind: 'line',
              points: Array.from(cheb.first.contexts, (y, t) => ({ x: t / 1000, y })).filter((_, t) => t % every === 0),
            },
          ],
        },
        {
          title: 'SSOR-PCG iterations of the heat simulation by fixed omega',
          x: { label: 'omega' },
          y: { label: 'iterations in all' },
          marks: [
            { kind: 'line', points: GRID.map((omega, i) => ({ x: omega, y: fixed[i] })) },
            { kind: 'rule', y: cheb.mean, label: 'ChebCB' },
            { kind: 'rule', y: tsallis.mean, label: 'Tsallis-INF' },
          ],
        },
      ],
    };
  },
};
