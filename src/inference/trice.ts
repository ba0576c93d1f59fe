/**
 * TRICE: training a model that reasons before it answers, by Markov-chain Monte Carlo EM over the reasoning.
 *
 * M. D. Hoffman, D. Phan, D. Dohan, S. Douglas, T. A. Le, A. Parisi, P. Sountsov, C. Sutton, S. Vikram, R. A. Saurous,
 * "Training Chain-of-Thought via Latent-Variable Inference", NeurIPS 2023, arXiv:2312.02179, Algorithms 1 and 2,
 * Section 2.2 (the control variate).
 *
 *   paper          here                meaning
 *   x, y           question            a question with its right answer
 *   z              rationale           the reasoning, a latent variable
 *   c(z, y)        correct             whether the rationale leads to the right answer
 *   p_θ(z | x)     softmax(logits)     the model of rationales
 *   z_m            memory[m]           the state of question m's Markov chain
 *   z̃_m            proposal            an independent draw from p_θ(z | x_m)
 *   β_m            beta                leave-one-out estimate of the chance that a proposal is right
 */
import { checkInteger, checkOption, checkPositive, checkVector } from '../internal/check.js';
import { type Rng, sampleCategorical } from '../random/index.js';
import { log, softmax } from '../special/index.js';

export interface TriceBatch {
  /** ∇ log p_θ(z_m | x_m) of the memory after its update, one row of length D a question. */
  gradMemory: ArrayLike<number>[];
  /** ∇ log p_θ(z̃_m | x_m) of the proposals. */
  gradProposal: ArrayLike<number>[];
  /** c_m: 1 where the memory after its update leads to the right answer, else 0. */
  memoryCorrect: ArrayLike<number>;
  /** c̃_m: the same for the proposal. */
  proposalCorrect: ArrayLike<number>;
}

export interface TriceGradient {
  /** Σ_m c_m g(z_m) / Σ_m c_m, Algorithm 1. */
  basic: Float64Array;
  /** Σ_m c_m (g(z_m) - β_m g(z̃_m)) / Σ_m c_m, Algorithm 2. */
  controlVariate: Float64Array;
  beta: Float64Array;
}

/**
 * The gradient estimates of one batch. β_m = Σ_{j≠m} c_j c̃_j / Σ_{j≠m} c_j (0 for an empty sum) does not depend on
 * question m, and E g(z̃_m) = 0, so the control variate leaves the mean alone once every memory is right; as proposals
 * become right its variance goes to zero, for then β = 1 and z_m = z̃_m. (In a batch of two or three with proposals mostly
 * wrong, the leave-one-out β is so coarse that it raises the variance.) Without a right memory both estimates are zero.
 *
 * O(M D).
 *
 * @throws RangeError if the lengths differ or there is no question
 *
 * @example
 * const batch = { gradMemory: [[1], [3]], gradProposal: [[1], [-1]], memoryCorrect: [1, 1], proposalCorrect: [1, 0] };
 * Array.from(triceGradient(batch).basic); //=> [2]
 * Array.from(triceGradient(batch).beta); //=> [0, 1]
 */
export function triceGradient({ gradMemory, gradProposal, memoryCorrect, proposalCorrect }: TriceBatch): TriceGradient {
  for (const [name, rows] of Object.entries({ gradMemory, gradProposal })) {
    if (!Array.isArray(rows)) throw new TypeError(`${name} must be an array of rows, got ${String(rows)}`);
  }
  const M = gradMemory.length;
  if (M === 0) throw new RangeError('gradMemory must not be empty');
  const D = checkVector('gradMemory[0]', gradMemory[0]).length;
  for (const [name, rows] of Object.entries({ gradMemory, gradProposal })) {
    if (rows.length !== M) throw new RangeError(`${name} must have length ${M}, got ${rows.length}`);
    rows.forEach((row, m) => checkVector(`${name}[${m}]`, row, D));
  }
  checkVector('memoryCorrect', memoryCorrect, M);
  checkVector('proposalCorrect', proposalCorrect, M);
  const beta = leaveOneOutAcceptance(memoryCorrect, proposalCorrect);
  const basic = new Float64Array(D);
  const controlVariate = new Float64Array(D);
  let right = 0;
  for (let m = 0; m < M; m++) {
    if (!memoryCorrect[m]) continue;
    right += 1;
    for (let d = 0; d < D; d++) {
      basic[d] += gradMemory[m][d];
      controlVariate[d] += gradMemory[m][d] - beta[m] * gradProposal[m][d];
    }
  }
  if (right > 0) {
    for (let d = 0; d < D; d++) {
      basic[d] /= right;
      controlVariate[d] /= right;
    }
  }
  return { basic, controlVariate, beta };
}

function leaveOneOutAcceptance(memoryCorrect: ArrayLike<number>, proposalCorrect: ArrayLike<number>): Float64Array {
  let right = 0;
  let both = 0;
  for (let m = 0; m < memoryCorrect.length; m++) {
    right += memoryCorrect[m] ? 1 : 0;
    both += memoryCorrect[m] && proposalCorrect[m] ? 1 : 0;
  }
  return Float64Array.from({ length: memoryCorrect.length }, (_, m) => {
    const others = right - (memoryCorrect[m] ? 1 : 0);
    const accepted = both - (memoryCorrect[m] && proposalCorrect[m] ? 1 : 0);
    return others > 0 ? accepted / others : 0;
  });
}

export interface TriceOptions {
  /** For every question, for every rationale: whether it leads to the right answer. Rows of one length. */
  correct: ArrayLike<boolean | number>[];
  /** Step of the gradient ascent, above 0. Default 1. */
  learningRate?: number;
  /** Which estimate is followed. Default 'control-variate', Algorithm 2. */
  estimator?: 'basic' | 'control-variate';
}

export interface TriceState {
  /** logits[m * Z + z] of rationale z for question m. */
  logits: Float64Array;
  /** The rationale that each chain stands at. */
  memory: Int32Array;
  /** 1 where it leads to the right answer. */
  memoryCorrect: Uint8Array;
  steps: number;
}

export interface Trice {
  /** Uniform logits; the chains start at draws from the model. One uniform a question. */
  init(rng: Rng): TriceState;
  /** One step: propose, accept what is right, follow the gradient. One uniform a question. */
  update(state: TriceState, rng: Rng, out?: TriceState): TriceState;
  /** Mean over questions of ln p_θ(y | x) = ln Σ_z p_θ(z | x) c(z, y): what training raises. */
  logLikelihood(state: TriceState): number;
}

/**
 * MCMC-EM on a table: every question has its own softmax over Z rationales. The independence sampler of the paper
 * accepts a proposal exactly when it is right, so a chain that is right stays right.
 *
 * O(M Z) a step.
 *
 * @throws RangeError if a question has no right rationale or the rows differ in length
 *
 * @example
 * const model = trice({ correct: [[true, false], [false, true]] });
 * const rng = createRng(3);
 * let state = model.init(rng);
 * for (let t = 0; t < 50; t++) state = model.update(state, rng, state);
 * model.logLikelihood(state) > Math.log(0.9); //=> true
 */
export function trice(options: TriceOptions): Trice {
  const { correct } = options;
  const M = checkInteger('correct.length', correct.length, 1);
  const Z = checkInteger('correct[0].length', correct[0].length, 1);
  const right = new Uint8Array(M * Z);
  correct.forEach((row, m) => {
    if (row.length !== Z) throw new RangeError(`correct[${m}] must have length ${Z}, got ${row.length}`);
    for (let z = 0; z < Z; z++) right[m * Z + z] = row[z] ? 1 : 0;
    if (!right.subarray(m * Z, (m + 1) * Z).includes(1)) {
      throw new RangeError(`correct[${m}] must hold a right rationale`);
    }
  });
  const learningRate = checkPositive('learningRate', options.learningRate ?? 1);
  const estimator = checkOption('estimator', options.estimator ?? 'control-variate', ['basic', 'control-variate']);
  const controlled = estimator === 'control-variate';
  const probs = new Float64Array(Z);

  const propose = (logits: Float64Array, m: number, rng: Rng): number => {
    softmax(logits.subarray(m * Z, (m + 1) * Z), {}, probs);
    return sampleCategorical(probs, rng);
  };

  return {
    init(rng) {
      const logits = new Float64Array(M * Z);
      const memory = Int32Array.from({ length: M }, (_, m) => propose(logits, m, rng));
      const memoryCorrect = Uint8Array.from(memory, (z, m) => right[m * Z + z]);
      return { logits, memory, memoryCorrect, steps: 0 };
    },

    update(state, rng, out) {
      const next = copyState(state, out);
      const proposals = Int32Array.from({ length: M }, (_, m) => propose(next.logits, m, rng));
      const proposalCorrect = Uint8Array.from(proposals, (z, m) => right[m * Z + z]);
      for (let m = 0; m < M; m++) {
        if (proposalCorrect[m] === 0) continue;
        next.memory[m] = proposals[m];
        next.memoryCorrect[m] = 1;
      }
      const beta = leaveOneOutAcceptance(next.memoryCorrect, proposalCorrect);
      const total = next.memoryCorrect.reduce((sum, c) => sum + c, 0);
      for (let m = 0; m < M; m++) {
        if (next.memoryCorrect[m] === 0) continue;
        // ∇ log p(z) = e_z - p: with weights 1 and -β on memory and proposal.
        const row = next.logits.subarray(m * Z, (m + 1) * Z);
        const weight = controlled ? beta[m] : 0;
        const rate = learningRate / total;
        softmax(row, {}, probs);
        for (let z = 0; z < Z; z++) row[z] -= rate * (1 - weight) * probs[z];
        row[next.memory[m]] += rate;
        row[proposals[m]] -= rate * weight;
      }
      next.steps += 1;
      return next;
    },

    logLikelihood({ logits }) {
      let total = 0;
      for (let m = 0; m < M; m++) {
        softmax(logits.subarray(m * Z, (m + 1) * Z), {}, probs);
        let likelihood = 0;
        for (let z = 0; z < Z; z++) likelihood += right[m * Z + z] * probs[z];
        total += log(likelihood);
      }
      return total / M;
    },
  };
}

function copyState(state: TriceState, out: TriceState | undefined): TriceState {
  if (out === state) return state;
  const { logits, memory, memoryCorrect, steps } = state;
  if (out === undefined) {
    return { logits: logits.slice(), memory: memory.slice(), memoryCorrect: memoryCorrect.slice(), steps };
  }
  out.logits.set(logits);
  out.memory.set(memory);
  out.memoryCorrect.set(memoryCorrect);
  out.steps = steps;
  return out;
}
