import { onPolicyBandit, overOptimizationMonitor, topKDiagnostics, trainTabularPolicy } from 'lemmata/preference';
import { createRng } from 'lemmata/random';
import type { Claim } from '../claim.js';
import { summary } from './summary.js';
import { METHODS, type Method } from './tajwar2024.js';

const NAMES: Method[] = ['IPO', 'DPO', 'bestOfN'];
const STEPS = 400;

export const claim: Claim = {
  id: 'shi2024-over-optimization',
  seed: 'Understanding Likelihood Over-optimisation in Direct Alignment Algorithms',
  reference: 'arXiv:2410.11677',
  statement:
    'The entropy over the ten most likely outcomes rises at first and then turns down, a sign of over-optimization that can be watched during training; contrastive losses turn late, maximum likelihood early.',
  source: 'entropy over the top k tokens and their mass as signals',
  expected:
    'on the aligned bandit, bits: IPO 3.191 at the start, 3.321 at its peak near step 11, 3.11 at step 400, DPO 3.15, bestOfN down to 3.1 or less by step 160; verdict on means over 5 seeds: every peak in steps 5..25 and the monitor fires only after it, IPO and DPO more than 0.05 below it at 400 and above 3.2 at 160, bestOfN below 3.15 there',
  run({ scale, seed, onProgress }) {
    const seeds = scale === 'full' ? 40 : 5;
    const bandit = onPolicyBandit('aligned');
    const monitor = overOptimizationMonitor({ patience: 10 });
    let done = 0;
    const rows = NAMES.map((name) => {
      const runs = Array.from({ length: seeds }, (_, replicate) => {
        const entropies: number[] = [];
        let state = monitor.init();
        let firedAt = Infinity;
        const { loss, lossOptions } = METHODS[name];
        trainTabularPolicy(bandit, {
          loss,
          lossOptions,
          learningRate: 0.05,
          steps: STEPS,
          sampling: { mode: 'offline', groups: 100, groupSize: 10, minRewardGap: 0.2 },
          rng: createRng(seed, 'samples', replicate),
          stop: ({ logits, step }) => {
            const record = topKDiagnostics(logits, { k: 10, base: 2 });
            entropies.push(record.entropy);
            state = monitor.update(state, record, state);
            if (state.entropyTurned && firedAt === Infinity) firedAt = step;
            return false;
          },
        });
        onProgress((done += 1) / (NAMES.length * seeds));
        return { entropies, firedAt, peakAt: entropies.indexOf(Math.max(...entropies)) };
      });
      const mean = (step: number) => summary(runs.map(({ entropies }) => entropies[step])).mean;
      const curve = Array.from({ length: STEPS + 1 }, (_, step) => mean(step));
      const error = summary(runs.map(({ entropies }) => entropies[STEPS])).error;
      return { name, runs, curve, error };
    });
    const [ipo, dpo, bestOfN] = rows;
    const timely = rows.every(({ runs }) =>
      runs.every(({ peakAt, firedAt }) => peakAt >= 5 && peakAt <= 25 && firedAt > peakAt && firedAt < Infinity),
    );
    const late = [ipo, dpo].every(({ curve }) => Math.max(...curve) - curve[STEPS] > 0.05 && curve[160] > 3.2);
    return {
      measured: rows
        .map(
          ({ name, curve, runs }) =>
            `${name} ${curve[0].toFixed(3)}, peak ${Math.max(...curve).toFixed(3)} (step ${curve.indexOf(Math.max(...curve))}), ${curve[160].toFixed(3)} at 160, ${curve[STEPS].toFixed(3)} at 400, monitor at ${Math.min(...runs.map(({ firedAt }) => firedAt))}..${Math.max(...runs.map(({ firedAt }) => firedAt))}`,
        )
        .join('; '),
      standardError: Math.max(...rows.map(({ error }) => error)),
      verdict: timely && late && bestOfN.curve[160] < 3.15 ? 'reproduced' : 'not reproduced',
      note: `${seeds} seeds, 100 groups of 10 samples, Adam at 0.05, entropy over the ten likeliest bins, renormalized. A table with 100 outcomes instead of a language model.`,
      figure: {
        title: 'Entropy over the ten most likely outcomes',
        x: { label: 'gradient step' },
        y: { label: 'bits' },
        marks: [
          { kind: 'line', points: rows.flatMap(({ name, curve }) => curve.map((y, x) => ({ x, y, series: name }))) },
          { kind: 'rule', y: Math.log2(10), label: 'log₂ 10' },
        ],
      },
    };
  },
};
