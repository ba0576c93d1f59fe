// Shared by the claims on arXiv:2404.14367: one run of the didactic bandit.
import { onPolicyBandit, trainTabularPolicy, type TabularSampling, type TabularTraining } from 'lemmata/preference';
import { createRng } from 'lemmata/random';

export const METHODS = {
  bestOfN: { loss: 'bestOfN', lossOptions: {} },
  bestOfNNegative: { loss: 'bestOfNNegative', lossOptions: { negativeCoef: 0.5 } },
  DPO: { loss: 'dpo', lossOptions: { beta: 0.1 } },
  IPO: { loss: 'ipo', lossOptions: { beta: 0.05 } },
  REINFORCE: { loss: 'reinforce', lossOptions: {} },
  RLOO: { loss: 'rloo', lossOptions: {} },
} as const;

export type Method = keyof typeof METHODS;

/** One training by Adam with learning rate 0.05; pairs with a reward gap below 0.2 are dropped. */
export function train(
  kind: 'misaligned' | 'aligned',
  method: Method,
  sampling: TabularSampling,
  { steps, seed, replicate }: { steps: number; seed: number; replicate: number },
): TabularTraining {
  const { loss, lossOptions } = METHODS[method];
  return trainTabularPolicy(onPolicyBandit(kind), {
    loss,
    lossOptions,
    learningRate: 0.05,
    steps,
    sampling: { groupSize: 10, minRewardGap: 0.2, ...sampling },
    rng: createRng(seed, 'samples', replicate),
  });
}

/** The expected reward at the end. */
export function finalReward(run: TabularTraining): number {
  return run.expectedRewardTrajectory?.at(-1) ?? NaN;
}
