import { adam, type OptimizerStep } from 'lemmata/optimize';
import { grpoAdvantages, ppoClipLoss } from 'lemmata/policy-gradient';
import { rlspReward } from 'lemmata/preference';
import { createRng, type Rng } from 'lemmata/random';
import { logSigmoid, sigmoid } from 'lemmata/special';
import type { Claim } from '../claim.js';
import { summary } from './summary.js';

/** Steps of search that a response can take, and the chance that it is right after them. */
const MOST = 12;
const right = (k: number): number => (k >= 8 ? 0.9 : 0.2);
const BATCH = 64;
const GOAL = 0.85;

/** The law of the number of steps when, after k of them, the policy goes on with logit x_k. */
function depths(x: Float64Array): Float64Array {
  const p = new Float64Array(MOST + 1);
  let still = 1;
  for (let k = 0; k < MOST; k++) {
    p[k] = still * sigmoid(-x[k]);
    still *= sigmoid(x[k]);
  }
  p[MOST] = still;
  return p;
}

/** One batch of responses from the policy, two epochs of PPO on their decisions to go on or to answer. */
function update(run: OptimizerStep, method: ReturnType<typeof adam>, explorationWeight: number, rng: Rng): void {
  const { parameters } = run;
  const places: number[] = [];
  const goesOn: boolean[] = [];
  const owner: number[] = [];
  const rewards = Float64Array.from({ length: BATCH }, (_, i) => {
    let k = 0;
    for (let on = true; on && k < MOST;) {
      on = rng() < sigmoid(parameters[k]);
      places.push(k);
      goesOn.push(on);
      owner.push(i);
      if (on) k += 1;
    }
    const outcome = { correct: rng() < right(k), hasFinalAnswer: true, reasoningLength: k + 1 };
    return rlspReward({ ...outcome, exploration: k / MOST }, { explorationWeight }).reward;
  });
  const advantage = grpoAdvantages(rewards, BATCH);
  const advantages = owner.map((i) => advantage[i]);
  const logProbs = () => places.map((k, t) => logSigmoid(goesOn[t] ? parameters[k] : -parameters[k]));
  const oldLogp = logProbs();
  for (let epoch = 0; epoch < 2; epoch++) {
    const { grad } = ppoClipLoss({ logp: logProbs(), oldLogp, advantages });
    const gradient = new Float64Array(MOST);
    places.forEach((k, t) => {
      gradient[k] += grad[t] * (goesOn[t] ? sigmoid(-parameters[k]) : -sigmoid(parameters[k]));
    });
    method.update(run.state, gradient, parameters, run);
  }
}

const mean = (p: Float64Array, value: (k: number) => number): number => p.reduce((sum, x, k) => sum + x * value(k), 0);

export const claim: Claim = {
  id: 'ye2025-exploration-reward',
  seed: 'On the Emergence of Thinking in LLMs I',
  reference: 'arXiv:2502.06773',
  statement:
    'A reward for taking more steps, decoupled from being right, makes long search emerge under PPO sooner than the outcome reward alone; being right rises with it and stays when the exploration reward is taken away.',
  source: 'exploration reward beside the outcome verifier in PPO, and the search behavior that emerges',
  expected:
    'PPO on the decisions, after each of at most 12 search steps, to go on or to answer, at the start by the toss of a coin; right with probability 0.2 below 8 steps and 0.9 from there; updates until 85 % right with weight 0 and 0.2 of the exploration reward, then 50 more without it; verdict: sooner with exploration in so many seeds that a fair coin would do it once in 1,000, and the mean share of right answers after it is taken away not below 85 % by 3 standard errors',
  headline: true,
  run({ scale, seed, onProgress }) {
    // a pilot gave 15 of 20: at that rate 100 seeds pass the verdict 99 times in 100
    const seeds = scale === 'full' ? 400 : 100;
    const limit = 500;
    const points: { x: number; y: number; series: string }[] = [];
    let sooner = 0;
    let later = 0;
    const times: number[][] = [[], []];
    const before: number[] = [];
    const after: number[] = [];
    const depth: number[] = [];
    for (let s = 0; s < seeds; s++) {
      const reached = [0, 0.2].map((weight, arm) => {
        const rng = createRng(seed, 'run', s, arm);
        const method = adam({ learningRate: 0.05 });
        const run: OptimizerStep = { state: method.init(MOST), parameters: new Float64Array(MOST) };
        const look = () => depths(run.parameters);
        let t = 0;
        for (; t < limit && mean(look(), right) < GOAL; t++) {
          if (s === 0 && t % 2 === 0) {
            points.push({ x: t, y: mean(look(), (k) => k), series: arm === 0 ? 'outcome alone' : 'with exploration' });
          }
          update(run, method, weight, rng);
        }
        if (arm === 1) {
          before.push(mean(look(), right));
          depth.push(mean(look(), (k) => k));
          for (let extra = 0; extra < 50; extra++) update(run, method, 0, rng);
          after.push(mean(look(), right));
        }
        times[arm].push(t);
        return t;
      });
      if (reached[1] < reached[0]) sooner += 1;
      if (reached[1] > reached[0]) later += 1;
      onProgress((s + 1) / seeds);
    }
    const kept = summary(after);
    const never = times.map((arm) => arm.filter((t) => t === limit).length);
    const holds = (sooner - later) / Math.sqrt(Math.max(1, sooner + later)) > 3.09 && kept.mean > GOAL - 3 * kept.error;
    const median = (x: number[]) => x.slice().sort((a, b) => a - b)[Math.floor(x.length / 2)];
    return {
      measured: `median updates to ${100 * GOAL} % right: ${median(times[0])} with the outcome alone (${never[0]} of ${seeds} not within ${limit}), ${median(times[1])} with exploration (${never[1]}); sooner in ${sooner} seeds, later in ${later}; ${summary(depth).mean.toFixed(1)} steps and ${(100 * summary(before).mean).toFixed(1)} % right then, ${(100 * kept.mean).toFixed(1)} % after 50 updates without it`,
      standardError: kept.error,
      verdict: holds ? 'reproduced' : 'not reproduced',
      note: `${seeds} seeds; batches of ${BATCH} responses, two epochs of PPO (Adam, 0.05) each. A table of twelve logits in place of a language model; every decision is a token of the response, and the advantage of the response is that of all its tokens. At the start one response in 256 searches long enough. Sooner is by about a seventh of the updates.`,
      figure: {
        title: 'Steps of search during training, first seed',
        x: { label: 'update' },
        y: { label: 'mean number of steps' },
        marks: [{ kind: 'line', points }],
      },
    };
  },
};
