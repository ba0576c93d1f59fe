import { tsallisRegretBound } from 'lemmata/linear-solvers';
import type { Claim } from '../claim.js';
import { cumulativeFigure, difference, inOrder, ratio, runShifted, strayRows } from './shifted-systems.js';

/** Iterations for 5 000 systems by a program in another language, mean over 10 seeds. */
const TOTALS = {
  'omega 1': 3_087_000,
  'best fixed': 519_300,
  uniform: 1_418_000,
  'Tsallis-INF': 602_500,
  'binned Tsallis-INF': 519_900,
  ChebCB: 339_500,
  'calibrated Young': 284_300,
  'omega by theory': 282_300,
  'instance-optimal': 294_200,
};

export const claim: Claim = {
  id: 'khodak2024-sor-shifted',
  seed: 'Learning to Relax',
  reference: 'arXiv:2310.02246',
  statement:
    'On a sequence of shifted systems, Tsallis-INF approaches the best fixed relaxation parameter of SOR and ChebCB, which sees the shift, beats it.',
  source: 'Figures 1 and 3, Theorems 2.2 and 2.5',
  expected:
    'total iterations ChebCB < best fixed omega < Tsallis-INF < uniform, each by more than 4 standard errors; both learners cheaper in the second half than on the whole; regret of Tsallis-INF below its bound. At full scale also ChebCB within 1.35 of instance-optimal and Tsallis-INF within 1.25 of the best fixed omega, and the totals of nine policies those of an independent program (3 %, learners 6 %)',
  headline: true,
  run({ scale, seed, onProgress }) {
    const full = scale === 'full';
    const length = full ? 5000 : 1000;
    const seeds = Array.from({ length: full ? 10 : 3 }, (_, s) => `${seed}-${s}`);
    const row = runShifted({ betaA: 0.5, betaB: 1.5, length, seeds, onProgress });
    const [cheb, tsallis, fixed, optimal] = ['ChebCB', 'Tsallis-INF', 'best fixed', 'instance-optimal'].map(row);
    // Costs stay below 2928 on every system and arm: omega 1, shift -0.15, right-hand side 1.
    const bound = tsallisRegretBound({ arms: 20, T: length, K: 2928, schedule: 'anytime' });
    const stray = full ? strayRows(row, TOTALS) : [];
    const holds =
      inOrder(row, 4) &&
      cheb.secondHalf < cheb.perSystem &&
      tsallis.secondHalf < tsallis.perSystem &&
      tsallis.regretToBestFixed < bound &&
      (!full || (ratio(cheb, optimal) < 1.35 && ratio(tsallis, fixed) < 1.25 && stray.length === 0));
    const shown = [
      'uniform',
      'omega 1',
      'Tsallis-INF',
      'best fixed',
      'binned Tsallis-INF',
      'ChebCB',
      'LinUCB',
      'LinTS',
      'calibrated Young',
    ];
    return {
      measured: [...shown, 'omega by theory', 'instance-optimal']
        .map((name) => `${name} ${row(name).perSystem.toFixed(1)}`)
        .join(', ')
        .concat(` iterations a system; ChebCB / best fixed ${ratio(cheb, fixed).toFixed(3)}`)
        .concat(stray.length > 0 ? `; not the totals expected: ${stray.join(', ')}` : ''),
      standardError: difference(cheb, fixed).standardError / fixed.mean,
      verdict: holds ? 'reproduced' : 'not reproduced',
      note: `poisson2d(10, 10) + c I, c = -0.15 + 0.6 Beta(1/2, 3/2), ${length} systems, ${seeds.length} seeds, grid 1, 1.05, ..., 1.95. Calibrated Young uses that the product of Jacobi radius and diagonal does not depend on the shift. LinUCB and LinTS are not the paper's and are not judged: at full scale (seed 1) they took 4 to 7 % less than in the independent program (341 200 and 337 200 for 5 000 systems), the cause is most likely what the polynomials see. With polynomials of the shift itself (context -1 to 1) in place of the shift moved to [-1, 1], LinUCB takes 340 400 and LinTS 344 800 (three seeds); the end of the interval (0.45 or 0.65), the number of polynomials from 5 to 10, the prior, the variance of the noise, the width from 1 to 3 and the 4 taken off the logarithm do not explain it.`,
      figure: cumulativeFigure(
        'Cumulative cost of choosing omega, high variance',
        shown.filter((name) => name !== 'omega 1' && name !== 'uniform').map(row),
      ),
    };
  },
};
