// The losses over pairs of preference.json: fn(batch, options).
import * as preference from '../../../src/preference/index.js';
import type { GoldAdapters } from '../adapter.js';

const NAMES = [
  'dpoLoss',
  'robustDpoLoss',
  'ipoLoss',
  'hingeLoss',
  'slicLoss',
  'exoPairLoss',
  'ncaPairLoss',
  'bcoPairLoss',
  'apoZeroLoss',
  'apoDownLoss',
  'sppoLoss',
  'discopopLoss',
  'simpoLoss',
  'cpoLoss',
  'orpoLoss',
  'rdpoLoss',
  'dpopLoss',
  'calDpoLoss',
  'fdpoLoss',
  'rpoLoss',
  'alphaPoLoss',
  'lengthNormalizedDpoLoss',
  'aotLoss',
] as const;

export const adapters: GoldAdapters['adapters'] = Object.fromEntries(
  NAMES.map((name) => [name, ({ batch, options }) => preference[name](batch, options)]),
);
