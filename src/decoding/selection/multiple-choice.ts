// Scores of the answer choices of a question, and how much of the model's attention the choices have.
//
// S. Wiegreffe, M. Finlayson, O. Tafjord, P. Clark, A. Sabharwal, "Increasing Probability Mass on Answer Choices Does Not Always
// Improve Accuracy", arXiv:2305.14596: attentiveness (section 3) and the bound on surface form competition (section 3.2).
// A. Holtzman et al., "Surface Form Competition: Why the Highest Probability Answer Isn't Always Right", arXiv:2104.08315: PMI_DC.

import { checkNumber, checkVector } from '../../internal/check.js';

export interface ChoiceLogProbs {
  /** ln P(choice | question). */
  logProb: ArrayLike<number>;
  /** ln P(choice | domain prompt, without the question). */
  logProbDomain: ArrayLike<number>;
  /** Tokens of each choice, at least 1. */
  lengths: ArrayLike<number>;
}

export interface ChoiceScores {
  raw: Float64Array;
  /** ln P(y|x) - ln P(y|domain). */
  pmiDc: Float64Array;
  /** ln P(y|x) / length. */
  lengthNormalized: Float64Array;
  /** The choice of the highest score, the first on ties. */
  argmaxRaw: number;
  argmaxPmi: number;
  argmaxLengthNormalized: number;
}

/**
 * The three usual scores of answer choices, and the choice that each picks.
 *
 * @throws RangeError if there is no choice, lengths differ, a log-probability is not finite, or a length is not positive
 *
 * @example
 * choiceScores({ logProb: [-4, -3], logProbDomain: [-5, -2], lengths: [4, 1] }).pmiDc; //=> Float64Array.of(1, -1)
 */
export function choiceScores({ logProb, logProbDomain, lengths }: ChoiceLogProbs): ChoiceScores {
  const n = logProb.length;
  if (n === 0) throw new RangeError('logProb must not be empty');
  checkVector('logProb', logProb);
  checkVector('logProbDomain', logProbDomain, n);
  checkVector('lengths', lengths, n);
  const raw = Float64Array.from(logProb);
  const pmiDc = new Float64Array(n);
  const lengthNormalized = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    checkNumber(`lengths[${i}]`, lengths[i], 1);
    pmiDc[i] = logProb[i] - logProbDomain[i];
    lengthNormalized[i] = logProb[i] / lengths[i];
  }
  return {
    raw,
    pmiDc,
    lengthNormalized,
    argmaxRaw: argmax(raw),
    argmaxPmi: argmax(pmiDc),
    argmaxLengthNormalized: argmax(lengthNormalized),
  };
}

export interface Attentiveness {
  /** Total probability of the choices: the model's attentiveness to them. */
  mass: number;
  /** 1 - mass: no more probability than this can belong to other surface forms of the choices. */
  sfcBound: number;
  /** Largest minus second-largest probability. */
  margin: number;
  /** margin > 1 - mass: however the missing mass is shared out, the prediction stays. */
  robust: boolean;
}

/**
 * Probability mass on the answer choices and whether the prediction can depend on what lies outside them.
 *
 * If the leading choice leads by more than 1 - mass, giving all of the missing mass to the runner-up does not overtake it:
 * surface form competition cannot change the prediction. With one choice the margin is its probability.
 *
 * @param choiceProbs P(choice | question), at least 0, sum at most 1
 * @throws RangeError if there is no choice, a probability is negative, or they add up to more than 1 + 1e-9
 *
 * @example
 * attentiveness([0.5, 0.25]).robust; //=> false
 * attentiveness([0.75, 0.125]).robust; //=> true
 */
export function attentiveness(choiceProbs: ArrayLike<number>): Attentiveness {
  const n = choiceProbs.length;
  if (n === 0) throw new RangeError('choiceProbs must not be empty');
  let [mass, first, second] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const p = checkNumber(`choiceProbs[${i}]`, choiceProbs[i], 0, 1);
    mass += p;
    if (p > first) [first, second] = [p, first];
    else if (p > second) second = p;
  }
  if (mass > 1 + 1e-9) throw new RangeError(`choiceProbs must sum to at most 1, got ${mass}`);
  const margin = first - second;
  const sfcBound = Math.max(0, 1 - mass);
  return { mass, sfcBound, margin, robust: margin > sfcBound };
}

export interface AttentivenessSummary {
  /** Mean mass over the questions. */
  meanMass: number;
  meanSfcBound: number;
  /** Share of questions whose prediction is robust. */
  robustShare: number;
  /** Share answered correctly, and the same among robust questions (NaN never: 0 when there is none). */
  accuracy: number;
  robustAccuracy: number;
}

/**
 * Attentiveness over a data set, with accuracy beside it: high mass does not entail high accuracy.
 *
 * @param questions probabilities of the choices and the index of the right one
 * @throws RangeError if there is no question, or as `attentiveness`
 *
 * @example
 * attentivenessSummary([{ choiceProbs: [0.75, 0.25], correct: 1 }]).accuracy; //=> 0
 */
export function attentivenessSummary(
  questions: readonly { choiceProbs: ArrayLike<number>; correct: number }[],
): AttentivenessSummary {
  if (questions.length === 0) throw new RangeError('questions must not be empty');
  let [mass, bound, robust, right, robustRight] = [0, 0, 0, 0, 0];
  for (const { choiceProbs, correct } of questions) {
    const a = attentiveness(choiceProbs);
    const answered = Number(argmax(choiceProbs) === correct);
    mass += a.mass;
    bound += a.sfcBound;
    right += answered;
    if (a.robust) {
      robust += 1;
      robustRight += answered;
    }
  }
  const n = questions.length;
  return {
    meanMass: mass / n,
    meanSfcBound: bound / n,
    robustShare: robust / n,
    accuracy: right / n,
    robustAccuracy: robust === 0 ? 0 : robustRight / robust,
  };
}

function argmax(x: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < x.length; i++) if (x[i] > x[best]) best = i;
  return best;
}
