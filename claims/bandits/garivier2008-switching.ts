import {
  discountedUcb,
  discountedUcbGamma,
  glrUcb,
  piecewiseStationaryArms,
  slidingWindowLength,
  slidingWindowUcb,
  ucb1,
} from 'lemmata/bandits';
import type { Claim } from '../claim.js';
import { curveCheckpoints, curves, games, last, show } from './games.js';

export const claim: Claim = {
  id: 'garivier2008-switching',
  seed: 'Switching bandits',
  reference: 'arXiv:0805.3415',
  statement:
    'When the best arm changes, discounted UCB and sliding-window UCB have a fraction of the regret of UCB1; a restart by a change-point test has less still.',
  source: 'Sections 3 to 5',
  expected:
    'dynamic regret within 20 % of 4573 (UCB1), 1340 (discounted), 446 (sliding window), figures of an independent program; restarting UCB below the sliding window',
  run({ scale, seed, onProgress }) {
    const horizon = 40_000;
    const arms = piecewiseStationaryArms(
      [horizon / 2],
      [
        [0.8, 0.5],
        [0.2, 0.5],
      ],
    );
    const rate = { horizon, changes: 1 };
    const options = { horizon, checkpoints: curveCheckpoints(horizon), replications: scale === 'full' ? 100 : 20 };
    const plain = games(seed, ucb1({ arms: 2 }), arms, options);
    const discounted = games(seed, discountedUcb({ arms: 2, gamma: discountedUcbGamma(rate) }), arms, options);
    const sliding = games(seed, slidingWindowUcb({ arms: 2, window: slidingWindowLength(rate) }), arms, options);
    onProgress(0.3);
    // The test costs O(n) a play: a shorter game at quick scale.
    const short = scale === 'full' ? 20_000 : 4000;
    const shortArms = piecewiseStationaryArms(
      [short / 2],
      [
        [0.8, 0.5],
        [0.2, 0.5],
      ],
    );
    const restart = { horizon: short, replications: scale === 'full' ? 10 : 4 };
    const restarting = games(seed, glrUcb({ arms: 2, delta: 1 / Math.sqrt(short) }), shortArms, restart);
    const window = slidingWindowLength({ horizon: short, changes: 1 });
    const shortSliding = games(seed, slidingWindowUcb({ arms: 2, window }), shortArms, restart);
    const near = (result: typeof plain, figure: number) => Math.abs(last(result).mean / figure - 1) < 0.2;
    const holds =
      near(plain, 4573) &&
      near(discounted, 1340) &&
      near(sliding, 446) &&
      last(restarting).mean < last(shortSliding).mean;
    const rows: [string, typeof plain][] = [
      ['UCB1', plain],
      ['discounted UCB', discounted],
      ['sliding-window UCB', sliding],
    ];
    return {
      measured: `${rows.map(([name, result]) => show(name, result)).join(', ')}; ${short} rounds: ${show('restarting', restarting)}, ${show('sliding-window UCB', shortSliding)}`,
      standardError: last(sliding).standardError,
      verdict: holds ? 'reproduced' : 'not reproduced',
      note: 'means 0.8 and 0.5, then 0.2 and 0.5 from the middle on; γ and window for one change',
      figure: curves('Dynamic regret around one change of the best arm', rows),
    };
  },
};
