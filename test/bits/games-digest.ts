import { createRng } from '../../src/random/create-rng.js';
import * as games from '../../src/games/index.js';
import { bitsOf } from './bits-of.js';

/** Winners, self-play and regularized equilibria of seeded preferences, a matrix game, self-play on duels, scores. */
export function gamesDigest(): string {
  const values: number[] = [];
  const rng = createRng('digest', 'games');
  for (const n of [3, 6, 9]) {
    const P = Array.from({ length: n }, () => new Array<number>(n).fill(0.5));
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) P[j][i] = 1 - (P[i][j] = rng());
    const reference = Array.from({ length: n }, (_, i) => (2 * (i + 1)) / (n * (n + 1)));
    values.push(...games.minimaxWinner(P).policy, ...games.copelandScores(P), ...games.bordaScores(P));
    for (const algorithm of ['hedge', 'optimistic', 'extragradient'] as const) {
      const { average, last } = games.selfPlay(P, { steps: 200, learningRate: 0.3, algorithm });
      values.push(...average, ...last);
    }
    values.push(...games.regularizedNash(P, reference, { tau: 0.3 }).policy);
    values.push(...games.nashMirrorDescent(P, reference, { tau: 0.3, learningRate: 0.2, steps: 50 }).mixture);
    values.push(...games.sppoIterate(P, reference, { beta: 0.7 }), ...games.ipoOptimum(reference, P, { beta: 0.4 }));
    const { misfit, utilities } = games.bradleyTerryMisfit(P);
    values.push(misfit, ...utilities, games.intransitivityTriples(P).count);
    const learner = games.spoBandit({ arms: n, samples: 3, learningRate: 0.1 });
    let state = learner.init();
    for (let t = 0; t < 50; t++) {
      const items = learner.select(state, rng);
      state = learner.update(state, items, [2, 1, 0], state);
    }
    values.push(...state.logits, ...learner.average(state));
  }
  const A = Array.from({ length: 5 }, () => Array.from({ length: 7 }, () => rng()));
  const { row, column, value } = games.matrixGame(A);
  values.push(...row, ...column, value, ...games.bradleyTerryMatrix([0.3, -1, 2]).data);
  return bitsOf(values);
}
