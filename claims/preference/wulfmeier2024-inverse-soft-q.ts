import { inverseSoftQLoss } from 'lemmata/preference';
import { adam, type OptimizerStep } from 'lemmata/optimize';
import { createRng, sampleCategorical, sampleIndex, sampleNormal, type Rng } from 'lemmata/random';
import { softmax } from 'lemmata/special';
import type { Claim } from '../claim.js';
import { summary } from './summary.js';

const [V, T] = [6, 8];

/** A Markov source over V tokens: the expert. Row V is the start. */
function expert(rng: Rng): Float64Array[] {
  return Array.from({ length: V + 1 }, () => softmax(Array.from({ length: V }, () => 1.5 * sampleNormal(rng))));
}

export const claim: Claim = {
  id: 'wulfmeier2024-inverse-soft-q',
  seed: 'Imitating Language via Scalable Inverse Reinforcement Learning',
  reference: 'arXiv:2409.01369',
  statement:
    'Maximum likelihood with the inverse soft Q penalty imitates as well as maximum likelihood and yields token rewards that tell expert text from other text, while plain maximum likelihood leaves the rewards undetermined: a shift of each state’s logits changes them and not its loss.',
  source: 'the inverse soft-Q reformulation and the analysis of its rewards',
  expected:
    'no loss of likelihood, rewards that rank; verdict over sources: the implied reward of held-out expert sequences above that of uniform ones by more than 5 standard errors with the penalty, held-out likelihood within 0.02 nats a token of maximum likelihood; and without the penalty a shift of the logits changes the reward at equal loss',
  run({ scale, seed, onProgress }) {
    const sources = scale === 'full' ? 60 : 12;
    const gaps: number[] = [];
    const losses: number[] = [];
    const spread: number[] = [];
    for (let k = 0; k < sources; k++) {
      const rng = createRng(seed, 'source', k);
      const source = expert(rng);
      const write = (rows: Float64Array[]) => {
        const text: number[] = [];
        for (let t = 0; t < T; t++) text.push(sampleCategorical(rows[t === 0 ? V : text[t - 1]], rng));
        return text;
      };
      const corpus = Array.from({ length: 400 }, () => write(source));
      const held = Array.from({ length: 400 }, () => write(source));
      const uniform = Array.from({ length: V + 1 }, () => new Float64Array(V).fill(1 / V));
      const noise = Array.from({ length: 400 }, () => write(uniform));
      const rowsOf = (table: Float64Array, text: number[]) =>
        Float64Array.from({ length: T * V }, (_, i) => {
          const t = Math.floor(i / V);
          return table[(t === 0 ? V : text[t - 1]) * V + (i % V)];
        });
      const fit = (lambda: number) => {
        const method = adam({ learningRate: (step) => 0.05 * (1 - step / 400) });
        const run: OptimizerStep = { state: method.init((V + 1) * V), parameters: new Float64Array((V + 1) * V) };
        for (let step = 0; step < 400; step++) {
          const gradient = new Float64Array((V + 1) * V);
          for (let b = 0; b < 16; b++) {
            const text = corpus[sampleIndex(corpus.length, rng)];
            const { gradLogits } = inverseSoftQLoss(rowsOf(run.parameters, text), text, { lambda });
            gradLogits.forEach((g, i) => {
              const t = Math.floor(i / V);
              gradient[(t === 0 ? V : text[t - 1]) * V + (i % V)] += g / 16;
            });
          }
          method.update(run.state, gradient, run.parameters, run);
        }
        return run.parameters;
      };
      const regularized = fit(0.1);
      const plain = fit(0);
      const mean = (table: Float64Array, texts: number[][], of: 'nll' | 'reward') =>
        texts.reduce((sum, text) => {
          const { nll, rewards } = inverseSoftQLoss(rowsOf(table, text), text, { lambda: 0 });
          return sum + (of === 'nll' ? nll / T : rewards.reduce((a, b) => a + b)) / texts.length;
        }, 0);
      gaps.push(mean(regularized, held, 'reward') - mean(regularized, noise, 'reward'));
      losses.push(mean(regularized, held, 'nll') - mean(plain, held, 'nll'));
      // Plain likelihood cannot tell this table from its shift by one number a state.
      const shifted = plain.map((q, i) => q + (Math.floor(i / V) === V ? 5 : 0));
      const same = Math.abs(mean(shifted, held, 'nll') - mean(plain, held, 'nll'));
      spread.push(same < 1e-9 ? Math.abs(mean(shifted, held, 'reward') - mean(plain, held, 'reward')) : 0);
      onProgress((k + 1) / sources);
    }
    const gap = summary(gaps);
    const loss = summary(losses);
    const shift = Math.min(...spread);
    const reproduced = gap.mean > 5 * gap.error && loss.mean < 0.02 && shift > 1;
    return {
      measured: `reward of expert over uniform text ${gap.mean.toFixed(2)} (${gap.error.toFixed(2)}); held-out likelihood ${loss.mean >= 0 ? '+' : ''}${loss.mean.toFixed(4)} nats a token against maximum likelihood; a shift of the first state's logits by 5 at equal loss changes the rewards by ${shift.toFixed(2)} a text`,
      standardError: gap.error,
      verdict: reproduced ? 'reproduced' : 'not reproduced',
      note: `${sources} random Markov sources of ${V} tokens, texts of ${T}, a table of logits trained on 400 texts with λ = 0.1. The paper's gains in task scores and diversity need language models and are not part of this claim.`,
    };
  },
};
