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

/** All policies on poisson2d(10, 10) + c_t I, c_t = -0.15 + 0.6 Beta, residual reduced to 1e-8 from x = 0. */
export function runShifted({ betaA, betaB, length, seeds, onProgress }: ShiftedRun): Map<string, OmegaComparison> {
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
  return new Map(rows.map((row) => [row.name, row]));
}

/** Mean over seeds of a - b and its standard error. */
export function difference(a: OmegaComparison, b: OmegaComparison): { mean: number; standardError: number } {
  const gaps = a.totals.map((total, s) => total - b.totals[s]);
  const n = gaps.length;
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / n;
  const variance = gaps.reduce((sum, gap) => sum + (gap - mean) * (gap - mean), 0) / Math.max(1, n - 1);
  return { mean, standardError: Math.sqrt(variance / n) };
}

/**
 * The rows whose mean total over 5 000 systems is not the one that an independent program found, to 3 % where omega does not depend
 * on chance and to 6 % for learners.
 */
export function strayRows(rows: Map<string, OmegaComparison>, totals: Record<string, number>): string[] {
  const fixed = ['omega 1', 'best fixed', 'omega by theory', 'instance-optimal'];
  return Object.keys(totals).filter((name) => {
    const row = rows.get(name);
    return !(row && Math.abs(row.mean / totals[name] - 1) <= (fixed.includes(name) ? 0.03 : 0.06));
  });
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
      const n = totals.length;
      const mean = totals.reduce((sum, v) => sum + v, 0) / n;
      const variance = totals.reduce((sum, v) => sum + (v - mean) * (v - mean), 0) / Math.max(1, n - 1);
      const error = Math.sqrt(variance / n);
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
