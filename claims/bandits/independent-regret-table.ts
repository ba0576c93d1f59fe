import {
  type BanditPolicy,
  bernoulliArms,
  exp3,
  exp3Ix,
  klUcb,
  type Replications,
  thompsonBeta,
  tsallisInf,
  ucb1,
} from 'lemmata/bandits';
import type { Claim } from '../claim.js';
import { games } from './games.js';

interface Row {
  name: string;
  /** Mean and deviation of one game at 1e4 and, where there is one, at 1e5 rounds, by an independent program. */
  short: [number, number];
  long?: [number, number];
  play(horizon: number, replications: number): Replications;
}

export const claim: Claim = {
  id: 'independent-regret-table',
  seed: 'Bandit policies',
  reference: 'arXiv:1204.5721',
  statement:
    'Mean regrets of UCB1, KL-UCB, Thompson sampling, Tsallis-INF, Exp3 and Exp3-IX on eight arms with gap 1/8 agree with those of an independent program.',
  source: 'a table of 60 to 400 runs each',
  expected:
    'each mean over n games within 7 deviations / sqrt(n) of the table: T = 1e4 with n = 100 (30 at quick scale); T = 1e5 with n = 20 at full scale',
  run({ scale, seed, onProgress }) {
    const full = scale === 'full';
    const K = 8;
    const arms = bernoulliArms([0.5625, ...new Array<number>(K - 1).fill(0.4375)]);
    const row = <State>(name: string, policy: BanditPolicy<State>, short: Row['short'], long?: Row['long']): Row => ({
      name,
      short,
      ...(long === undefined ? {} : { long }),
      play: (horizon, replications) => games(seed, policy, arms, { horizon, replications }),
    });
    const rows: Row[] = [
      row('UCB1', ucb1({ arms: K }), [492, 44], [1012, 86]),
      row('KL-UCB', klUcb({ arms: K }), [177, 35]),
      row('Thompson', thompsonBeta({ arms: K }), [110, 34], [157, 29]),
      row('Tsallis-INF iw', tsallisInf({ arms: K }), [279, 73], [493, 97]),
      row('Tsallis-INF rv', tsallisInf({ arms: K, variant: 'rv' }), [173, 64], [266, 51]),
      row('Exp3', exp3({ arms: K }), [379, 80], [712, 106]),
      row('Exp3-IX', exp3Ix({ arms: K, eta: (t) => Math.sqrt((2 * Math.log(K)) / (K * t)) }), [517, 62], [1545, 93]),
    ];
    let holds = true;
    const measured = rows.map(({ name, short, long, play }, r) => {
      const compare = ([figure, deviation]: [number, number], horizon: number, n: number): string => {
        const [mean] = play(horizon, n).mean;
        holds &&= Math.abs(mean - figure) < (7 * deviation) / Math.sqrt(n);
        return `${mean.toFixed(0)} (${figure})`;
      };
      const cells = [compare(short, 1e4, full ? 100 : 30)];
      if (full && long !== undefined) cells.push(compare(long, 1e5, 20));
      onProgress((r + 1) / rows.length);
      return `${name} ${cells.join(', ')}`;
    });
    return {
      measured: `${measured.join('; ')}; the table in brackets`,
      verdict: holds ? 'reproduced' : 'not reproduced',
    };
  },
};
