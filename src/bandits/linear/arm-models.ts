/** The linear models of K arms: one for all of them ('shared'), or one for each ('disjoint'). */
import { checkOption } from '../../internal/check.js';
import { checkArm } from '../arm-sums.js';
import type { ContextualPolicy } from '../bandit.js';
import {
  checkFeatures,
  checkReward,
  copyRidge,
  initRidge,
  observe,
  type Ridge,
  type RidgeState,
} from './ridge-model.js';

/** One model ('shared'), or one an arm. */
export interface LinUcbState {
  models: RidgeState[];
}

export interface VariantOptions {
  /**
   * 'shared' (default): one θ, features of every arm. 'disjoint': a θ for each arm. The features are K × d numbers, row by row; 'disjoint'
   * also takes d numbers, the same for all arms.
   */
  variant?: 'shared' | 'disjoint';
}

export interface ArmModels {
  disjoint: boolean;
  modelOf(state: LinUcbState, arm: number): RidgeState;
  /** Of the right length, and finite. */
  check(features: ArrayLike<number>): void;
  /** Where the features of an arm begin. */
  place(features: ArrayLike<number>, arm: number): number;
  /** What such a policy has besides its name, `select` and `scores`. */
  policy: Pick<ContextualPolicy<LinUcbState, ArrayLike<number>>, 'arms' | 'init' | 'update'>;
}

export function armModels(ridge: Ridge, K: number, options: VariantOptions): ArmModels {
  const { d } = ridge;
  const disjoint = checkOption('variant', options.variant ?? 'shared', ['shared', 'disjoint']) === 'disjoint';
  const modelOf = (state: LinUcbState, arm: number) => state.models[disjoint ? arm : 0];
  const check = (features: ArrayLike<number>) => checkFeatures(features, disjoint && features.length === d ? d : K * d);
  const place = (features: ArrayLike<number>, arm: number) => (features.length === K * d ? arm * d : 0);
  return {
    disjoint,
    modelOf,
    check,
    place,
    policy: {
      arms: K,
      init: () => ({ models: Array.from({ length: disjoint ? K : 1 }, () => initRidge(ridge)) }),
      update(state, features, arm, reward, out) {
        checkArm(arm, K);
        check(features);
        checkReward(reward);
        const next = copyModels(state, out);
        observe(ridge, modelOf(next, arm), features, place(features, arm), reward);
        return next;
      },
    },
  };
}

/** The three forms of `out`. */
function copyModels(state: LinUcbState, out: LinUcbState | undefined): LinUcbState {
  if (out === state) return state;
  if (out === undefined) return { models: state.models.map((model) => copyRidge(model, undefined)) };
  for (let i = 0; i < state.models.length; i++) copyRidge(state.models[i], out.models[i]);
  return out;
}
