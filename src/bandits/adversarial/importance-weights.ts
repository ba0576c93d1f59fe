/** What the policies share that weigh a loss by the probability with which its arm was drawn. */
import { checkOption } from '../../internal/check.js';
import type { BanditFeedback } from '../bandit.js';

export interface LossOptions {
  /** Whether `update` is given rewards, turned into losses 1 - reward, or losses. Default 'reward'. */
  feedback?: 'reward' | 'loss';
}

/** @returns true if `update` is given losses */
export function takesLosses(options: LossOptions): boolean {
  return checkOption('feedback', options.feedback ?? 'reward', ['reward', 'loss']) === 'loss';
}

/** The probability of the draw: the one that is given, else the present one. */
export function drawProbability(feedback: BanditFeedback | undefined, present: number): number {
  const p = feedback?.probability ?? present;
  if (!(p > 0 && p <= 1)) throw new RangeError(`probability must be in (0, 1], got ${p}`);
  return p;
}
