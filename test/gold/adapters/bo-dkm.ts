// The functions of bo.json that live in bo/dkm.
import { dkmLinearFixedPoint, dkmObjective } from '../../../src/bo/index.js';
import type { GoldAdapters } from '../adapter.js';

export const adapters: GoldAdapters['adapters'] = {
  dkmObjective: ({ G0, grams, nu, y, noise }) => dkmObjective(G0, grams, y, { nu, noise, kernel: 'relu' }),
  dkmLinearFixedPoint: ({ G0diag, topDiag, hiddenLayers }) =>
    dkmLinearFixedPoint(diagonal(G0diag), diagonal(topDiag), hiddenLayers).map((G) =>
      (G0diag as number[]).map((_, i) => G[i * (G0diag as number[]).length + i]),
    ),
};

function diagonal(entries: number[]): number[][] {
  return entries.map((entry, i) => entries.map((_, j) => (i === j ? entry : 0)));
}
