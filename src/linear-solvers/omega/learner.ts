/**
 * What every learner of a solver parameter shares: choose a value, see what the solve cost, choose the next.
 *
 * M. Khodak, E. Chow, M.-F. Balcan, A. Talwalkar, "Learning to Relax: Setting Solver Parameters Across a Sequence of Linear System
 * Instances", ICLR 2024, arXiv:2310.02246. Any policy of the bandits module becomes such a learner by `banditLearner`.
 */
import type { BanditPolicy, ContextualPolicy } from '../../bandits/bandit.js';
import type { Rng } from '../../random/create-rng.js';

/** A choice; goes back to `update` with the cost. */
export interface OmegaSelection<Value = number> {
  /** Position in the grid; -1 if the value was computed. */
  index: number;
  value: Value;
  /** Probability with which it was drawn; 1 where nothing is drawn. */
  probability: number;
  /** The context that the choice was made for. */
  context?: number;
}

/** What a solve showed beside its cost. */
export interface SolveObservation {
  residualNorms?: ArrayLike<number>;
}

/**
 * A learner as three pure functions over a plain state. `Value` is a number in most uses, ω; it may be anything that a solve
 * depends on.
 *
 * `select` draws one uniform or none (normals where it samples a posterior) and leaves the state as it is. `update` returns the next
 * state: a new one, or `out`, which may be `state` itself. Costs are at least 0 and finite; one below 1 (a solve that had nothing to
 * do) counts as 1, so costs in other units than iterations are to be scaled until the least is about 1. A solve that hit its
 * limit costs the limit.
 */
export interface OmegaLearner<State, Value = number> {
  readonly name: string;
  init(): State;
  /** @throws TypeError if the learner needs a context and there is none */
  select(state: State, rng: Rng, context?: number): OmegaSelection<Value>;
  /** @throws RangeError if the cost is negative or not finite */
  update(
    state: State,
    selection: OmegaSelection<Value>,
    cost: number,
    out?: State,
    observation?: SolveObservation,
  ): State;
}

/**
 * The learner that plays a bandit policy over a grid of values.
 *
 * `toReward` turns a cost of at least 1 into what the policy is told; default the cost itself, for policies that take
 * losses of any size.
 *
 * @throws RangeError if the policy has not one arm for each value
 *
 * @example
 * const learner = banditLearner(ucb1({ arms: 2 }), [1, 1.5], (cost) => 1 / cost);
 * learner.select(learner.init(), createRng(1)).value; //=> 1
 */
export function banditLearner<State, Value = number>(
  policy: BanditPolicy<State>,
  values: ArrayLike<Value>,
  toReward: (cost: number) => number = (cost) => cost,
): OmegaLearner<State, Value> {
  checkArms(policy.arms, values.length);
  const law = new Float64Array(policy.arms);
  return {
    name: policy.name,
    init: () => policy.init(),
    select(state, rng) {
      const index = policy.select(state, rng);
      const probability = policy.probabilities === undefined ? 1 : policy.probabilities(state, law)[index];
      return { index, value: values[index], probability };
    },
    update: (state, { index, probability }, cost, out) =>
      policy.update(state, index, toReward(checkCost(cost)), out, { probability }),
  };
}

/** As `banditLearner`, for a policy that sees a context; `toContext` turns the scalar context into the policy's own. */
export function contextualLearner<State, Context, Value = number>(
  policy: ContextualPolicy<State, Context>,
  values: ArrayLike<Value>,
  toContext: (context: number) => Context,
  toReward: (cost: number) => number = (cost) => cost,
): OmegaLearner<State, Value> {
  checkArms(policy.arms, values.length);
  const law = new Float64Array(policy.arms);
  return {
    name: policy.name,
    init: () => policy.init(),
    select(state, rng, given) {
      const context = checkContext(given);
      const own = toContext(context);
      const index = policy.select(state, own, rng);
      const probability = policy.probabilities === undefined ? 1 : policy.probabilities(state, own, law)[index];
      return { index, value: values[index], probability, context };
    },
    update: (state, { index, probability, context }, cost, out) =>
      policy.update(state, toContext(checkContext(context)), index, toReward(checkCost(cost)), out, { probability }),
  };
}

/** @returns the cost, at least 1 */
export function checkCost(cost: number): number {
  if (!(cost >= 0 && cost < Infinity)) throw new RangeError(`cost must be finite and at least 0, got ${cost}`);
  return cost < 1 ? 1 : cost;
}

export function checkContext(context: number | undefined): number {
  if (context === undefined) throw new TypeError('context must be given to this learner, got undefined');
  if (!Number.isFinite(context)) throw new RangeError(`context must be finite, got ${context}`);
  return context;
}

function checkArms(arms: number, values: number): void {
  if (arms !== values) throw new RangeError(`values must have length ${arms}, one for each arm, got ${values}`);
}
