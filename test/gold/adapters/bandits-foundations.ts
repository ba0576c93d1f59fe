// The functions of bandits.json that live in special, stats, optimize, online-learning and games.
import { bordaScores, copelandScores, exploitability, minimaxWinner } from '../../../src/games/index.js';
import {
  adaHedge,
  ballSet,
  hedgeWeights,
  optimisticHedgeWeights,
  optimisticOmd,
  type OptimisticOmdOptions,
  simulateExperts,
  simulateOnline,
} from '../../../src/online-learning/index.js';
import { projectBall, projectBallMahalanobis, projectSimplex } from '../../../src/optimize/index.js';
import { betaQuantile, chebyshevFeatures, normalQuantile } from '../../../src/special/index.js';
import { klDivergence, klInverseLower, klInverseUpper, logisticRegression } from '../../../src/stats/index.js';
import type { GoldAdapters, GoldInput } from '../adapter.js';
import { rowsOf } from '../agrees.js';

export const adapters: GoldAdapters['adapters'] = {
  klDivergence: ({ family, p, q, variance }) => klDivergence(p, q, family_(family, variance)),
  klUcbBound: ({ family, mean, level, variance }) => klInverseUpper(mean, level, family_(family, variance)),
  klLcbBound: ({ family, mean, level, variance }) => klInverseLower(mean, level, family_(family, variance)),
  normalQuantile: ({ p }) => normalQuantile(p),
  betaQuantile: ({ p, a, b }) => betaQuantile(p, a, b),
  projectSimplex: ({ v }) => projectSimplex(v),
  projectBall: ({ v, radius }) => projectBall(v, radius),
  projectBallMahalanobis: ({ y, H, radius }) => projectBallMahalanobis(y, H, radius),
  chebyshevFeatures: ({ context, low, high, count }) => chebyshevFeatures(context, { low, high, count }),
  logisticMle: ({ features, outcomes, lambda_ }) =>
    logisticRegression(features, outcomes, { ridge: lambda_ }).coefficients,
  hedgeWeights: ({ losses, eta }) => hedgeWeights(losses, eta),
  optimisticHedgeWeights: ({ losses, prediction, eta }) => optimisticHedgeWeights(losses, prediction, eta),
  adaHedgeRun: ({ losses }) => {
    const rows: number[][] = losses;
    const { weights, regret, finalState } = simulateExperts(adaHedge({ experts: rows[0].length }), rows);
    return { weights: rowsOf(weights, rows[0].length), cumulativeMixabilityGap: finalState.gap, regret };
  },
  omdIterates: (input) => {
    const gradients: number[][] = input.gradients;
    const d = gradients[0].length;
    const learner = optimisticOmd(omdOptions(input, d));
    return rowsOf(simulateOnline(learner, gradients.length, (_x, t) => gradients[t]).iterates, d);
  },
  minimaxWinner: ({ preferences }) => {
    const { policy, value } = minimaxWinner(preferences);
    return { strategy: policy, value };
  },
  copelandScores: ({ preferences }) => copelandScores(preferences, { normalized: true }),
  bordaScores: ({ preferences }) => bordaScores(preferences),
  dualityGap: ({ preferences, strategy }) => exploitability(preferences, strategy).exploitability,
};

function family_(family: 'bernoulli', variance: number | undefined) {
  return variance === undefined ? { family } : { family, variance };
}

function omdOptions(input: GoldInput, dimension: number): OptimisticOmdOptions {
  const { diameter, smoothness, gradBound, eta, lambda, alpha } = input as Record<string, number>;
  const optimistic = input.optimistic as boolean;
  const set = () => ballSet({ dimension, radius: diameter / 2 });
  switch (input.geometry as string) {
    case 'euclidean':
      return { geometry: 'euclidean', set: set(), smoothness, gradBound, optimistic };
    case 'entropic':
      return { geometry: 'entropic', dimension, eta, optimistic };
    case 'stronglyconvex':
      return { geometry: 'strongly-convex', set: set(), lambda, optimistic };
    default:
      return { geometry: 'exp-concave', dimension, diameter, gradBound, alpha, optimistic };
  }
}
