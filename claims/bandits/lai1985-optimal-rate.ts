import {
  bayesUcb,
  bernoulliArms,
  imed,
  klUcb,
  laiRobbinsConstant,
  thompsonBeta,
  ucb1,
  type Replications,
} from 'lemmata/bandits';
import type { Claim } from '../claim.js';
import { curveCheckpoints, curves, games, show } from './games.js';

const MEANS = [0.5625, 0.3125];

export const claim: Claim = {
  id: 'lai1985-optimal-rate',
  seed: 'Asymptotically efficient allocation',
  reference: 'doi:10.1016/0196-8858(85)90002-8',
  statement:
    'KL-UCB, IMED, Bayes-UCB and Thompson sampling attain the rate Σ Δ/kl of Lai and Robbins for Bernoulli arms; UCB1 is several times above it.',
  source:
    'Theorem 1; arXiv:1102.2490 Theorem 2, arXiv:1209.3353 Theorem 1, AISTATS 2012 (Bayes-UCB), JMLR 16 (2015) 3721 (IMED)',
  expected:
    'growth of the mean regret from T/10 to T, divided by ln 10 and by the constant: between 0.5 and 1.5 within 4 standard errors for the four optimal policies, above 2 for UCB1',
  run({ scale, seed, onProgress }) {
    const full = scale === 'full';
    const horizon = full ? 100_000 : 20_000;
    const arms = bernoulliArms(MEANS);
    const constant = laiRobbinsConstant(MEANS);
    const options = { horizon, checkpoints: curveCheckpoints(horizon), replications: full ? 200 : 60 };
    const K = MEANS.length;
    const rows: [string, Replications][] = [];
    const steps = 5;
    const add = (name: string, result: Replications) => {
      rows.push([name, result]);
      onProgress(rows.length / steps);
    };
    add('UCB1', games(seed, ucb1({ arms: K }), arms, options));
    add('KL-UCB', games(seed, klUcb({ arms: K }), arms, options));
    add('IMED', games(seed, imed({ arms: K }), arms, options));
    add('Thompson sampling', games(seed, thompsonBeta({ arms: K }), arms, options));
    add('Bayes-UCB', games(seed, bayesUcb({ arms: K }), arms, options));

    const slopes = rows.map(([name, result]) => ({ name, ...slope(result, constant) }));
    const [ucb, ...optimal] = slopes;
    const holds =
      ucb.ratio - 4 * ucb.standardError > 2 &&
      optimal.every(({ ratio, standardError }) => ratio + 4 * standardError > 0.5 && ratio - 4 * standardError < 1.5);
    return {
      measured: `growth / (constant ln 10): ${slopes.map(({ name, ratio, standardError }) => `${name} ${ratio.toFixed(2)} ± ${standardError.toFixed(2)}`).join(', ')}; regret at T: ${rows.map(([name, result]) => show(name, result)).join(', ')}`,
      verdict: holds ? 'reproduced' : 'not reproduced',
      note: `means ${MEANS.join(' and ')}, constant ${constant.toFixed(3)}, T = ${horizon}, ${options.replications} games on the same rewards. The theorem is about T to infinity; at finite T the regret of the optimal policies runs below constant · ln T.`,
      figure: {
        ...curves('Regret and the rate of Lai and Robbins', [
          ...rows,
          [
            'constant · ln t',
            { ...rows[0][1], mean: rows[0][1].checkpoints.map((t) => constant * Math.log(t)) } as Replications,
          ],
        ]),
      },
    };
  },
};

/** Growth of the regret over the last decade in units of constant · ln 10, with its standard error over games. */
function slope({ checkpoints, regrets }: Replications, constant: number): { ratio: number; standardError: number } {
  const C = checkpoints.length;
  const horizon = checkpoints[C - 1];
  let early = 0;
  for (let c = 0; c < C; c++) {
    if (Math.abs(Math.log(checkpoints[c] / (horizon / 10))) < Math.abs(Math.log(checkpoints[early] / (horizon / 10))))
      early = c;
  }
  const unit = constant * Math.log(horizon / checkpoints[early]);
  const n = regrets.length / C;
  const growth = Float64Array.from({ length: n }, (_, r) => (regrets[r * C + C - 1] - regrets[r * C + early]) / unit);
  const ratio = growth.reduce((a, b) => a + b) / n;
  const variance = growth.reduce((a, b) => a + (b - ratio) ** 2, 0) / (n - 1);
  return { ratio, standardError: Math.sqrt(variance / n) };
}
