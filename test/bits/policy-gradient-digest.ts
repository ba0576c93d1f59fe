import {
  cispoLoss,
  gae,
  grpoAdvantages,
  grpoLoss,
  klEstimates,
  klShapedRewards,
  nashMdSurrogate,
  ppoClipLoss,
  reinforceLoss,
  rlooAdvantages,
  valueClipLoss,
  xpoLoss,
} from '../../src/policy-gradient/index.js';
import { createRng } from '../../src/random/index.js';
import { bitsOf } from './bits-of.js';

/** Every surrogate on one batch of drawn numbers, in one hash. */
export function policyGradientDigest(): string {
  const rng = createRng('bits', 'policy-gradient');
  const draw = (scale: number, shift: number) => Float64Array.from({ length: 24 }, () => scale * rng() + shift);
  const [logp, oldLogp, refLogp] = [draw(2, -3), draw(2, -3), draw(2, -3)];
  const [rewards, values, advantages] = [draw(2, -1), draw(2, -1), draw(2, -1)];
  const results: (number | Float64Array)[] = [
    ...Object.values(gae({ rewards, values, lastValue: 0.3 }, { gamma: 0.98, lambda: 0.9 })),
    rlooAdvantages(rewards, 4),
    grpoAdvantages(rewards, 6),
    ...Object.values(ppoClipLoss({ logp, oldLogp, advantages }, { dualClip: 2 })),
    ...Object.values(valueClipLoss({ values, oldValues: advantages, returns: rewards })),
    ...Object.values(klEstimates({ logp, logq: refLogp })),
    klShapedRewards({ logp, refLogp, score: 1 }, { estimator: 'k3' }),
    ...Object.values(reinforceLoss({ logp, advantages })),
    ...Object.values(cispoLoss({ logp, oldLogp, advantages })),
    ...Object.values(nashMdSurrogate({ logp, refLogp, winProb: rewards.map((r) => (r + 1) / 2) })),
    ...Object.values(
      xpoLoss({
        policyOwn: logp,
        policyRefSample: oldLogp,
        refOwn: refLogp,
        refRefSample: values,
        ownPreferred: rewards.map((r) => (r > 0 ? 1 : 0)),
      }),
    ),
  ];
  for (const importance of ['token', 'sequence'] as const) {
    const batch = { logp, oldLogp, refLogp, advantages: advantages.slice(0, 4), shape: [4, 6] as const };
    results.push(...Object.values(grpoLoss(batch, { beta: 0.1, aggregation: 'grpo', importance })));
  }
  return bitsOf(results.flatMap((result) => (typeof result === 'number' ? [result] : Array.from(result))));
}
