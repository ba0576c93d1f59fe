/**
 * Predictions of several networks of one shape as one surrogate: the samples of a Markov chain, or the members of an
 * ensemble. The latent function is the uniform mixture of the members.
 */
import { checkInteger } from '../../internal/check.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import type { Rng } from '../../random/create-rng.js';
import { backward, forward, type Mlp, newTape, recordTape } from './mlp.js';
import type { SurrogateGradient, SurrogatePrediction } from './surrogate.js';

/** What networks have learned: plain data. */
export interface NetworkEnsembleState {
  net: Mlp;
  /** members x parameterCount, row-major. */
  parameters: Float64Array;
  members: number;
  /** Variance of the observations about the latent function, for predictive densities. */
  noiseVariance: number;
}

/** Mean over the members, and their variance about it (divided by their number): the moments of the mixture. */
export function predictEnsemble(state: NetworkEnsembleState, Xs: MatrixLike): SurrogatePrediction {
  const { net, members } = state;
  const tape = recordTape(net, Xs);
  const mean = new Float64Array(tape.n);
  const variance = new Float64Array(tape.n);
  for (let m = 0; m < members; m++) {
    const f = forward(net, member(state, m), tape);
    // Welford's update keeps the digits of a small variance about a large mean.
    for (let j = 0; j < tape.n; j++) {
      const delta = f[j] - mean[j];
      mean[j] += delta / (m + 1);
      variance[j] += delta * (f[j] - mean[j]);
    }
  }
  for (let j = 0; j < tape.n; j++) variance[j] /= members;
  return { mean, variance };
}

/** Each of the n draws is one member, chosen uniformly, at all points. n uniforms. */
export function sampleEnsemble(state: NetworkEnsembleState, Xs: MatrixLike, n: number, rng: Rng): Float64Array {
  checkInteger('n', n, 0);
  const tape = recordTape(state.net, Xs);
  const out = new Float64Array(n * tape.n);
  for (let s = 0; s < n; s++) {
    out.set(forward(state.net, member(state, Math.floor(rng() * state.members)), tape), s * tape.n);
  }
  return out;
}

/** ∂mean = average of ∂f_m, ∂variance = 2/M Σ (f_m - mean) ∂f_m. */
export function ensembleGradient(state: NetworkEnsembleState, x: ArrayLike<number>): SurrogateGradient {
  const { net, members } = state;
  const { mean, variance } = predictEnsemble(state, [x]);
  const d = x.length;
  const dMean = new Float64Array(d);
  const dVariance = new Float64Array(d);
  const tape = newTape(net, 1);
  tape.a[0].set(Float64Array.from(x));
  for (let m = 0; m < members; m++) {
    const theta = member(state, m);
    const deviation = forward(net, theta, tape)[0] - mean[0];
    tape.delta[net.widths.length - 1][0] = 1;
    backward(net, theta, tape, null, true);
    const slope = tape.delta[0];
    for (let k = 0; k < d; k++) {
      dMean[k] += slope[k] / members;
      dVariance[k] += (2 * deviation * slope[k]) / members;
    }
  }
  return { mean: mean[0], variance: variance[0], dMean, dVariance };
}

/** The three questions to an ensemble that every network surrogate answers in the same way. */
export const ensembleQuestions = {
  predict: predictEnsemble,
  sample: sampleEnsemble,
  predictGradient: ensembleGradient,
};

function member({ parameters, net }: NetworkEnsembleState, m: number): Float64Array {
  return parameters.subarray(m * net.parameterCount, (m + 1) * net.parameterCount);
}
