import type { Claim } from '../claim.js';
import { cumulativeFigure, difference, inOrder, ratio, runShifted, strayRows } from './shifted-systems.js';

/** Iterations for 5 000 systems by a program in another language, mean over 10 seeds. */
const TOTALS = {
  'omega 1': 1_366_500,
  'best fixed': 298_000,
  uniform: 728_900,
  'Tsallis-INF': 336_000,
  'binned Tsallis-INF': 321_500,
  ChebCB: 233_400,
  'calibrated Young': 210_000,
  'omega by theory': 209_400,
  'instance-optimal': 216_700,
};

export const claim: Claim = {
  id: 'khodak2024-sor-shifted-low',
  seed: 'Learning to Relax',
  reference: 'arXiv:2310.02246',
  statement: 'Where shifts vary little, the learners keep their order, and less is left to gain from the context.',
  source: 'Figure 3',
  expected:
    'total iterations ChebCB < best fixed omega < Tsallis-INF < uniform, each by more than 3 standard errors. At full scale also ChebCB within 1.35 of instance-optimal and Tsallis-INF within 1.25 of the best fixed omega, the best fixed omega is 1.65, and the totals of nine policies are those of an independent program (3 %, learners 6 %)',
  run({ scale, seed, onProgress }) {
    const full = scale === 'full';
    const length = full ? 5000 : 1000;
    const seeds = Array.from({ length: full ? 10 : 5 }, (_, s) => `${seed}-${s}`);
    const row = runShifted({ betaA: 2, betaB: 6, length, seeds, onProgress });
    const [cheb, tsallis, fixed, optimal] = ['ChebCB', 'Tsallis-INF', 'best fixed', 'instance-optimal'].map(row);
    const stray = full ? strayRows(row, TOTALS) : [];
    const holds =
      inOrder(row, 3) &&
      (!full ||
        (ratio(cheb, optimal) < 1.35 &&
          ratio(tsallis, fixed) < 1.25 &&
          stray.length === 0 &&
          fixed.omegas.every((omegas) => Math.abs(omegas[0] - 1.65) < 1e-9)));
    const shown = [
      'Tsallis-INF',
      'best fixed',
      'binned Tsallis-INF',
      'ChebCB',
      'LinUCB',
      'LinTS',
      'calibrated Young',
      'instance-optimal',
    ];
    return {
      measured: ['uniform', 'omega 1', ...shown]
        .map((name) => `${name} ${row(name).perSystem.toFixed(1)}`)
        .join(', ')
        .concat(' iterations a system')
        .concat(stray.length > 0 ? `; not the totals expected: ${stray.join(', ')}` : ''),
      standardError: difference(cheb, fixed).standardError / length,
      verdict: holds ? 'reproduced' : 'not reproduced',
      note: `poisson2d(10, 10) + c I, c = -0.15 + 0.6 Beta(2, 6), ${length} systems, ${seeds.length} seeds. LinUCB and LinTS are not the paper's and are not judged: at full scale (seed 1) they took 4 to 7 % less than in the independent program (245 800 and 241 300 for 5 000 systems), the cause is most likely what the polynomials see. With polynomials of the shift itself (context -1 to 1) in place of the shift moved to [-1, 1], LinUCB takes 244 000 and LinTS 250 100 (three seeds); the end of the interval (0.45 or 0.65), the number of polynomials from 5 to 10, the prior, the variance of the noise, the width from 1 to 3 and the 4 taken off the logarithm do not explain it.`,
      figure: cumulativeFigure('Cumulative cost of choosing omega, low variance', shown.map(row)),
    };
  },
};
