import { adam, type OptimizerStep } from 'lemmata/optimize';
import { dpoLoss, pairInterference, refinementPair } from 'lemmata/preference';
import { createRng, type Rng } from 'lemmata/random';
import { refinementTreeSearch } from 'lemmata/search';
import { exp, logSigmoid, sigmoid } from 'lemmata/special';
import type { Claim } from '../claim.js';
import { summary } from './summary.js';

/** A response to "write the letter n times, in either case": how many, and the case of all of them. */
interface Letters {
  length: number;
  upper: boolean;
}

/** Wanted numbers of letters; no response is longer than the last of these by more than REACH. */
const WANTED = [4, 5, 6, 7, 8, 9, 10, 11, 12];
const REACH = 4;
const LONGEST = 12 + REACH;
/** The policy: the logit of stopping for every number of letters still missing, -REACH .. 12, and one of upper case. */
const CASE = 12 + REACH + 1;
const stopAt = (wanted: number, length: number): number => wanted - length + REACH;

const BETA = 0.1;
const spelled = ({ length, upper }: Letters): string => (upper ? 'A' : 'a').repeat(length);

/** Stops at the right place about once in four, writes small letters nine times in ten. */
function firstPolicy(): Float64Array {
  const x = new Float64Array(CASE + 1).fill(-2);
  x[REACH] = 1;
  x[REACH - 1] = x[REACH + 1] = -1;
  for (let missing = -REACH; missing < -1; missing++) x[missing + REACH] = 0.5;
  x[CASE] = -2;
  return x;
}

/** log π of a response; `slope` times its gradient is added into `gradient`. */
function logProb(x: Float64Array, wanted: number, response: Letters, slope = 0, gradient?: Float64Array): number {
  let total = 0;
  const bit = (place: number, on: boolean): void => {
    total += logSigmoid(on ? x[place] : -x[place]);
    if (gradient !== undefined) gradient[place] += slope * (on ? sigmoid(-x[place]) : -sigmoid(x[place]));
  };
  for (let t = 0; t < response.length; t++) {
    bit(CASE, response.upper);
    if (t > 0) bit(stopAt(wanted, t), false);
  }
  if (response.length < wanted + REACH) bit(stopAt(wanted, response.length), true);
  return total;
}

/** Probability of the right length, the mean over the wanted ones; either case is right. */
function success(x: Float64Array): number {
  let total = 0;
  for (const wanted of WANTED) {
    let logP = logSigmoid(x[stopAt(wanted, wanted)]);
    for (let t = 1; t < wanted; t++) logP += logSigmoid(-x[stopAt(wanted, t)]);
    total += exp(logP) / WANTED.length;
  }
  return total;
}

interface LetterPair {
  wanted: number;
  chosen: Letters;
  rejected: Letters;
}

/** A wrong number of small letters against the right number of small (refined) or of capital ones (another response). */
function drawPairs(x: Float64Array, rng: Rng, count: number): { refined: LetterPair[]; other: LetterPair[] } {
  const refined: LetterPair[] = [];
  const other: LetterPair[] = [];
  while (refined.length < count) {
    const wanted = WANTED[refined.length % WANTED.length];
    let length = 1;
    while (length < wanted + REACH && rng() >= sigmoid(x[stopAt(wanted, length)])) length += 1;
    if (length === wanted) continue;
    const tree = refinementTreeSearch<Letters>(
      {
        root: { length, upper: false },
        // told by the judge that there are too many or too few, the refiner goes that way four times in five
        expand({ response }, draw) {
          const towards = Math.sign(wanted - response.length) * (draw() < 0.8 ? 1 : -1);
          const next = response.length + towards * (1 + Math.floor(3 * draw()));
          return { ...response, length: Math.min(LONGEST, Math.max(1, next)) };
        },
        judge: ({ response }) => 1 / (1 + Math.abs(response.length - wanted)),
      },
      rng,
      { branch: 5, maxDepth: 6, endGate: 0.9 },
    );
    if (!tree.found) continue;
    const { chosen, rejected } = refinementPair('write the letter', tree);
    refined.push({ wanted, chosen, rejected });
    other.push({ wanted, chosen: { length: wanted, upper: true }, rejected });
  }
  return { refined, other };
}

/** DPO on all pairs at once; the success and the share of capitals before each step and after the last. */
function train(start: Float64Array, pairs: LetterPair[], steps: number): { success: number; upper: number }[] {
  const parameters = start.slice();
  const method = adam({ learningRate: 0.05 });
  const run: OptimizerStep = { state: method.init(parameters.length), parameters };
  const refChosen = pairs.map(({ wanted, chosen }) => logProb(start, wanted, chosen));
  const refRejected = pairs.map(({ wanted, rejected }) => logProb(start, wanted, rejected));
  const curve: { success: number; upper: number }[] = [];
  for (let step = 0; ; step++) {
    curve.push({ success: success(parameters), upper: sigmoid(parameters[CASE]) });
    if (step === steps) return curve;
    const policyChosen = pairs.map(({ wanted, chosen }) => logProb(parameters, wanted, chosen));
    const policyRejected = pairs.map(({ wanted, rejected }) => logProb(parameters, wanted, rejected));
    const { gradChosen, gradRejected } = dpoLoss(
      { policyChosen, policyRejected, refChosen, refRejected },
      { beta: BETA },
    );
    const gradient = new Float64Array(parameters.length);
    pairs.forEach(({ wanted, chosen, rejected }, k) => {
      logProb(parameters, wanted, chosen, gradChosen[k], gradient);
      logProb(parameters, wanted, rejected, gradRejected[k], gradient);
    });
    method.update(run.state, gradient, parameters, run);
  }
}

export const claim: Claim = {
  id: 'cheng2024-refinement-pairs',
  seed: 'SPaR',
  reference: 'arXiv:2412.11605',
  statement:
    'Trained on pairs of a response and its refinement a model learns to follow the instruction; where the preferred responses also differ in something the instruction leaves open, as independent ones do, it learns that instead and follows the instruction less.',
  source: 'the study of interfering factors by the generation of character sequences',
  expected:
    'instruction: so many letters, in either case; rejected a wrong number of small letters, preferred the right number, small (refined by tree search) or capital (interfering); DPO on as many pairs of each kind; verdict: over replicates the probability of following is higher with refined pairs by 3 paired standard errors, the share of capitals with interfering pairs rises by 3 standard errors, and the mean normalized edit distance of refined pairs is below half that of the others',
  run({ scale, seed, onProgress }) {
    const replicates = scale === 'full' ? 200 : 20;
    const [size, steps] = [90, 100];
    const start = firstPolicy();
    const runs = Array.from({ length: replicates }, (_, r) => {
      const { refined, other } = drawPairs(start, createRng(seed, 'replicate', r), size);
      onProgress((r + 1) / replicates);
      const distance = (pairs: LetterPair[]) =>
        summary(
          pairs.map((pair) => pairInterference({ chosen: spelled(pair.chosen), rejected: spelled(pair.rejected) })),
        ).mean;
      return {
        refined: train(start, refined, steps),
        other: train(start, other, steps),
        distances: [distance(refined), distance(other)],
      };
    });
    const last = (kind: 'refined' | 'other', field: 'success' | 'upper') => runs.map((run) => run[kind][steps][field]);
    const gain = summary(last('refined', 'success').map((x, r) => x - last('other', 'success')[r]));
    const capitals = summary(last('other', 'upper').map((x) => x - sigmoid(start[CASE])));
    const distances = [0, 1].map((k) => summary(runs.map((run) => run.distances[k])).mean);
    const holds = gain.mean > 3 * gain.error && capitals.mean > 3 * capitals.error && distances[0] < distances[1] / 2;
    const percent = (x: number) => `${(100 * x).toFixed(1)} %`;
    const mean = (kind: 'refined' | 'other', field: 'success' | 'upper') => percent(summary(last(kind, field)).mean);
    const curve = (kind: 'refined' | 'other', field: 'success' | 'upper', series: string) =>
      Array.from({ length: steps + 1 }, (_, x) => ({
        x,
        y: summary(runs.map((run) => run[kind][x][field])).mean,
        series,
      }));
    return {
      measured: `followed ${percent(success(start))} at the start, ${mean('refined', 'success')} after refined pairs, ${mean('other', 'success')} after interfering ones (gain ${percent(gain.mean)} ± ${percent(gain.error)}); capitals ${percent(sigmoid(start[CASE]))} at the start, ${mean('refined', 'upper')} and ${mean('other', 'upper')}; edit distance ${distances[0].toFixed(2)} against ${distances[1].toFixed(2)}`,
      standardError: gain.error,
      verdict: holds ? 'reproduced' : 'not reproduced',
      note: `${replicates} replicates of ${size} pairs, ${steps} Adam steps of DPO (β = ${BETA}). The policy has a logit of stopping for each number of letters still missing and one of upper case, in place of a language model; its success is exact.`,
      figure: {
        title: 'Following the instruction, and capitals, which it leaves open',
        x: { label: 'gradient step' },
        y: { label: 'probability' },
        marks: [
          {
            kind: 'line',
            points: [
              ...curve('refined', 'success', 'followed, refined pairs'),
              ...curve('other', 'success', 'followed, interfering pairs'),
              ...curve('refined', 'upper', 'capitals, refined pairs'),
              ...curve('other', 'upper', 'capitals, interfering pairs'),
            ],
          },
        ],
      },
    };
  },
};
