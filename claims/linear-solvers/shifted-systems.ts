// What the claims about SOR on randomly shifted systems share: the systems, the policies, the figure.
import {
  compareOmegaPolicies,
  jacobiRadiusPoisson,
  omegaGrid,
  omegaLearner,
  optimalOmega,
  poisson2d,
  shiftedSequence,
  sor,
  type OmegaComparison,
} from 'lemmata/linear-solvers';
import { createRng } from 'lemmata/random';
import { meanAndError, pairedDifference } from '../bo/paired.js';
import type { Figure } from '../claim.js';

const GRID = omegaGrid();
const CONTEXT = { low: -0.15, high: 0.65 };

export interface ShiftedRun {
  /** Shape of the Beta law of the shifts: (1/2, 3/2) varies much, (2, 6) little. */
  betaA: number;
  betaB: number;
  length: number;
  seeds: string[];
  onProgress(fraction: number): void;
}

/** The comparison of that name. */
export type Rows = (name: string) => OmegaComparison;

/** All policies on poisson2d(10, 10) + c_t I, c_t = -0.15 + 0.6 Beta, residual reduced to 1e-8 from x = 0. */
export function runShifted({ betaA, betaB, length, seeds, onProgress }: ShiftedRun): Rows {
  const A = poisson2d(10, 10);
  const rows = compareOmegaPolicies({
    makeSequence: (seed) => shiftedSequence({ A, betaA, betaB, length, rng: createRng(seed, 'systems') }),
    seeds,
    solve: (system, omega, workspace) => sor(system.A, system.b, { omega, workspace, recordResiduals: true }),
    policies: {
      ChebCB: omegaLearner({ method: 'cheb-cb', context: CONTEXT }),
      'Tsallis-INF': omegaLearner({ method: 'tsallis-inf' }),
      'binned Tsallis-INF': omegaLearner({ method: 'binned-tsallis-inf', context: CONTEXT }),
      LinUCB: omegaLearner({ method: 'lin-ucb', context: CONTEXT }),
      LinTS: omegaLearner({ method: 'lin-ts', context: CONTEXT }),
      'calibrated Young': omegaLearner({ method: 'young-calibrated', diagonal: 4 }),
      uniform: omegaLearner({ method: 'uniform' }),
    },
    baselines: {
      // Smaller values are never the best fixed one, nor the best of a system, whose own best is 1.29 or more.
      grid: GRID.filter((omega) => omega > 1.28),
      fixed: [1],
      theory: ({ context }) => optimalOmega(jacobiRadiusPoisson({ nx: 10, ny: 10, shift: context ?? 0 })),
    },
    onProgress,
  });
  return (name) => {
    const row = rows.find((candidate) => candidate.name === name);
    if (row === undefined) throw new RangeError(`no policy is named ${name}`);
    return row;
  };
}

/** Mean over seeds of a - b and its standard error. */
export function difference(a: OmegaComparison, b: OmegaComparison): { mean: number; standardError: number } {
  return pairedDifference(Array.from(a.totals), Array.from(b.totals));
}

/** Whether ChebCB < best fixed omega < Tsallis-INF < uniform, each by more than so many standard errors. */
export function inOrder(row: Rows, errors: number): boolean {
  const ordered = ['ChebCB', 'best fixed', 'Tsallis-INF', 'uniform'].map(row);
  return ordered.slice(1).every((dearer, i) => {
    const { mean, standardError } = difference(dearer, ordered[i]);
    return mean > errors * standardError;
  });
}

/**
 * The rows whose mean total over 5 000 systems is not the one that an independent program found, to 3 % where omega does not depend
 * on chance and to 6 % for learners.
 */
export function strayRows(row: Rows, totals: Record<string, number>): string[] {
  const fixed = ['omega 1', 'best fixed', 'omega by theory', 'instance-optimal'];
  return Object.keys(totals).filter(
    (name) => !(Math.abs(row(name).mean / totals[name] - 1) <= (fixed.includes(name) ? 0.03 : 0.06)),
  );
}

export function ratio(a: OmegaComparison, b: OmegaComparison): number {
  return a.mean / b.mean;
}

/** Cumulative cost over the systems by policy, with one standard error to each side. */
export function cumulativeFigure(title: string, rows: OmegaComparison[]): Figure {
  const bands: { x: number; low: number; high: number; series: string }[] = [];
  const lines: { x: number; y: number; series: string }[] = [];
  for (const { name, costs } of rows) {
    const length = costs[0].length;
    const step = Math.max(1, Math.floor(length / 50));
    const totals = costs.map(() => 0);
    for (let t = 0; t < length; t++) {
      costs.forEach((run, s) => (totals[s] += run[t]));
      if ((t + 1) % step !== 0) continue;
      const { mean, standardError: error } = meanAndError(totals);
      lines.push({ x: t + 1, y: mean, series: name });
      bands.push({ x: t + 1, low: mean - error, high: mean + error, series: name });
    }
  }
  return {
    title,
    x: { label: 'systems solved' },
    y: { label: 'SOR iterations so far' },
    marks: [
      { kind: 'band', points: bands },
      { kind: 'line', points: lines },
    ],
  };
}
