// Policies for ω side by side on the same systems, with what was possible in hindsight.
import { checkOptionNames } from '../../internal/check.js';
import { createRng } from '../../random/create-rng.js';
import { sum } from '../../linalg/sum.js';
import type { SolveResult } from '../solve.js';
import { bestFixedInHindsight, costTable, goldenSectionOmega, instanceOptimal } from './hindsight.js';
import type { GoldenSectionOmegaOptions } from './hindsight.js';
import type { OmegaLearner } from './learner.js';
import { erased } from './erased.js';
import { fixedOmega } from './fixed-omega.js';
import { iterationsOf, solveSequence, type SolveWith, type SystemSource } from './solve-sequence.js';
import type { LinearSystem } from './systems.js';

export interface OmegaBaselines<System extends LinearSystem = LinearSystem> {
  /** Values for the best fixed one in hindsight and the best one of each system. */
  grid?: ArrayLike<number>;
  /** Fixed values to list, each as a policy 'omega <value>'. */
  fixed?: ArrayLike<number>;
  /** The value theory gives for a system, such as optimalOmega(β), listed as 'omega by theory'. */
  theory?: (system: System) => number;
  /** List the golden section search on each system's cost as 'golden section'; its evaluations are not charged. */
  goldenSection?: GoldenSectionOmegaOptions;
}

export interface CompareOmegaOptions<System extends LinearSystem = LinearSystem> {
  /** The sequence of a seed; called anew for every policy, and must then give the same systems. */
  makeSequence: (seed: number | string) => SystemSource<System>;
  /** Learners by name. */
  policies: Record<string, OmegaLearner<unknown> | ((seed: number | string) => OmegaLearner<unknown>)>;
  seeds: readonly (number | string)[];
  solve: SolveWith<number, System>;
  /** Default: iterations. */
  cost?: (result: SolveResult) => number;
  baselines?: OmegaBaselines<System>;
  /** Told the fraction done, in [0, 1]. */
  onProgress?: (fraction: number) => void;
}

const NAMES = {
  makeSequence: true,
  policies: true,
  seeds: true,
  solve: true,
  cost: true,
  baselines: true,
  onProgress: true,
} satisfies Record<keyof CompareOmegaOptions, true>;
const BASELINES = { grid: true, fixed: true, theory: true, goldenSection: true } satisfies Record<
  keyof OmegaBaselines,
  true
>;

/** One policy over all seeds. */
export interface OmegaComparison {
  name: string;
  kind: 'policy' | 'baseline';
  /** Mean over seeds of the total cost. */
  mean: number;
  /** Standard error of that mean; NaN with one seed. */
  standardError: number;
  /** Mean cost of a system. */
  perSystem: number;
  /** Mean cost of a system in the second half of the sequence. */
  secondHalf: number;
  /** Mean of total cost minus that of the best fixed value of the grid; NaN without a grid. */
  regretToBestFixed: number;
  /** Mean of total cost minus that of the best value of the grid for every system; NaN without a grid. */
  regretToInstanceOptimal: number;
  /** Total cost by seed. */
  totals: Float64Array;
  /** Cost of every system by seed. */
  costs: Float64Array[];
  /** Value chosen for every system by seed. */
  omegas: Float64Array[];
}

/**
 * Runs every policy on the systems of every seed. The policy `name` draws from createRng(seed, name).
 *
 * The rows 'best fixed' and 'instance-optimal' come from one table of all costs on the grid.
 *
 * @throws RangeError if there is no seed or a policy has the name of a baseline
 *
 * @example
 * const makeSequence = (seed) =>
 *   shiftedSequence({ A: poisson2d(4, 4), betaA: 2, betaB: 6, length: 5, rng: createRng(seed, 'systems') });
 * const solve = (system, omega, workspace) => sor(system.A, system.b, { omega, workspace });
 * const policies = { young: calibratedYoung({ diagonal: 4 }) };
 * const rows = compareOmegaPolicies({ makeSequence, policies, seeds: [1, 2], solve, baselines: { grid: [1, 1.2, 1.4] } });
 * rows.map(({ name }) => name); //=> ['young', 'best fixed', 'instance-optimal']
 */
export function compareOmegaPolicies<System extends LinearSystem = LinearSystem>(
  options: CompareOmegaOptions<System>,
): OmegaComparison[] {
  checkOptionNames('options', options, NAMES);
  const { makeSequence, policies, seeds, solve, cost = iterationsOf, baselines = {}, onProgress } = options;
  checkOptionNames('baselines', baselines, BASELINES);
  if (seeds.length === 0) throw new RangeError('seeds must not be empty');
  const runs = new Map<string, Runs>();
  const add = (name: string, kind: Runs['kind'], costs: Float64Array, omegas: ArrayLike<number>) => {
    if (!runs.has(name)) runs.set(name, { kind, costs: [], omegas: [] });
    runs.get(name)?.costs.push(costs);
    runs.get(name)?.omegas.push(Float64Array.from(omegas));
  };
  const { grid, fixed = [], theory, goldenSection } = baselines;
  const names = Object.keys(policies);
  const taken = ['omega by theory', 'golden section', 'best fixed', 'instance-optimal'];
  for (let i = 0; i < fixed.length; i++) taken.push(`omega ${fixed[i]}`);
  for (const name of names) {
    if (taken.includes(name)) throw new RangeError(`policies must not have the name of a baseline, got '${name}'`);
  }
  let done = 0;
  const steps = seeds.length * (names.length + fixed.length + 3);
  const progress = (more: number) => onProgress?.((done += more) / steps);
  for (const seed of seeds) {
    const play = (name: string, kind: Runs['kind'], learner: OmegaLearner<unknown>) => {
      const rng = createRng(seed, name);
      const { costs, omegas } = solveSequence(makeSequence(seed), { learner, rng, solve, cost });
      add(name, kind, costs, omegas);
      progress(1);
    };
    for (const name of names) {
      const policy = policies[name];
      play(name, 'policy', typeof policy === 'function' ? policy(seed) : policy);
    }
    for (let i = 0; i < fixed.length; i++) play(`omega ${fixed[i]}`, 'baseline', erased(fixedOmega(fixed[i])));
    if (theory !== undefined) addComputed('omega by theory', seed, theory);
    if (goldenSection !== undefined) {
      addComputed('golden section', seed, (system, workspace) =>
        goldenSectionOmega((omega) => cost(solve(system, omega, workspace)), goldenSection),
      );
    }
    if (grid !== undefined) {
      const table = costTable(makeSequence(seed), grid, { solve, cost });
      const { index } = bestFixedInHindsight(table);
      const { indices } = instanceOptimal(table);
      const pick = (choice: (t: number) => number) => [
        Float64Array.from({ length: table.systems }, (_, t) => table.costs[t * table.values + choice(t)]),
        Float64Array.from({ length: table.systems }, (_, t) => grid[choice(t)]),
      ];
      const [costs, omegas] = pick(() => index);
      add('best fixed', 'baseline', costs, omegas);
      const [least, chosen] = pick((t) => indices[t]);
      add('instance-optimal', 'baseline', least, chosen);
    }
    progress(3);
  }
  function addComputed(
    name: string,
    seed: number | string,
    value: (system: System, workspace: Parameters<typeof solve>[2]) => number,
  ): void {
    const omegas: number[] = [];
    const { costs } = solveSequence<unknown, number, System>(makeSequence(seed), {
      learner: erased(fixedOmega(1)),
      rng: createRng(seed, name),
      cost,
      solve(system, _value, workspace) {
        const omega = value(system, workspace);
        omegas.push(omega);
        return solve(system, omega, workspace);
      },
    });
    add(name, 'baseline', costs, omegas);
  }
  const fixedBest = runs.get('best fixed')?.costs.map(sum);
  const optimal = runs.get('instance-optimal')?.costs.map(sum);
  return [...runs].map(([name, run]) => summary(name, run, fixedBest, optimal));
}

interface Runs {
  kind: OmegaComparison['kind'];
  costs: Float64Array[];
  omegas: Float64Array[];
}

function summary(
  name: string,
  { kind, costs, omegas }: Runs,
  fixedBest: number[] | undefined,
  optimal: number[] | undefined,
): OmegaComparison {
  const totals = Float64Array.from(costs, sum);
  const n = totals.length;
  const mean = sum(totals) / n;
  const squares = sum(totals.map((total) => (total - mean) * (total - mean)));
  const regret = (against: number[] | undefined) =>
    against === undefined ? NaN : sum(totals.map((total, s) => total - against[s])) / n;
  const perSystem = (from: (length: number) => number) =>
    sum(costs.map((run) => sum(run.subarray(from(run.length))) / (run.length - from(run.length)))) / n;
  return {
    name,
    kind,
    mean,
    standardError: n === 1 ? NaN : Math.sqrt(squares / (n - 1) / n),
    perSystem: perSystem(() => 0),
    secondHalf: perSystem((length) => Math.floor(length / 2)),
    regretToBestFixed: regret(fixedBest),
    regretToInstanceOptimal: regret(optimal),
    totals,
    costs,
    omegas,
  };
}
