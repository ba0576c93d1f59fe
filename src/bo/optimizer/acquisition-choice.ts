/** From the name of an acquisition function to the function, for the model at hand. */
import type { Rng } from '../../random/create-rng.js';
import type { Acquisition } from '../acquisition/acquisition.js';
import { momentAcquisition } from '../acquisition/acquisition.js';
import { confidenceBoundRule, gpUcbBeta } from '../acquisition/confidence-bound.js';
import { expectedImprovementRule, logExpectedImprovementRule } from '../acquisition/expected-improvement.js';
import { logNoisyExpectedImprovement, pendingImprovement } from '../acquisition/fantasy-improvement.js';
import { gumbelFromMarginals, sampleGumbelFit } from '../acquisition/gumbel.js';
import type { Bounds } from '../acquisition/bounds.js';
import { jointEntropySearch } from '../acquisition/entropy-search.js';
import { knowledgeGradientAcquisition } from '../acquisition/knowledge-gradient.js';
import { gibbonRule, maxValueEntropyRule } from '../acquisition/max-value-entropy.js';
import type { Posterior } from '../acquisition/posterior.js';
import { predictiveEntropyAcquisition } from '../acquisition/predictive-entropy.js';
import {
  logProbabilityOfImprovementRule,
  probabilityOfImprovementRule,
} from '../acquisition/probability-of-improvement.js';
import { sampleOptima, type SampledOptimum } from '../acquisition/thompson.js';
import type { GpState } from '../gp/gp-state.js';
import { hasSpectralDensity } from '../gp/random-fourier-features.js';
import { gpSamplePaths, pathValue } from '../gp/paths.js';
import { gpSample } from '../gp/sample.js';
import { isTwiceDifferentiable } from '../kernels/kernel-derivatives.js';
import type { Points } from '../kernels/kernel.js';

/** The acquisitions that an optimizer knows by name. */
export const ACQUISITION_NAMES = [
  'logExpectedImprovement',
  'expectedImprovement',
  'logProbabilityOfImprovement',
  'probabilityOfImprovement',
  'upperConfidenceBound',
  'logNoisyExpectedImprovement',
  'maxValueEntropySearch',
  'gibbon',
  'jointEntropySearch',
  'predictiveEntropySearch',
  'knowledgeGradient',
  'thompsonSample',
  'expectedHypervolumeImprovement',
  'augmentedChebyshev',
] as const;

export type AcquisitionName = (typeof ACQUISITION_NAMES)[number];

/** What an acquisition of your own is made from. Values are standardized, larger is better; points are features. */
export interface AcquisitionContext {
  /** The model, with failed and pending points as if their outcome were their mean, where it is a Gaussian process. */
  posterior: Posterior;
  /** The process behind it without these points; null for another surrogate. */
  gp: GpState | null;
  /** Value to improve on. */
  best: number;
  /** Points with a result, best first. */
  evaluated: Points;
  /** Suggested points without a result. */
  pending: Points;
  /** The unit cube where every feature moves freely in it; null in spaces with discrete or conditional parameters. */
  bounds: Bounds | null;
  /** Features of quasi-random configs. */
  candidates(count: number): Points;
  rng: Rng;
}

export type AcquisitionChoice = AcquisitionName | ((context: AcquisitionContext) => Acquisition);

/**
 * The acquisition of that name.
 *
 * With pending points 'logExpectedImprovement' averages over their outcomes (`pendingImprovement`); all others see the model
 * that holds the pending outcomes for their means (the believer of D. Ginsbourger, R. Le Riche, L. Carraro 2010).
 */
export function chooseAcquisition(choice: AcquisitionChoice, context: AcquisitionContext): Acquisition {
  if (typeof choice === 'function') return choice(context);
  const { posterior, gp, best, rng, evaluated, pending } = context;
  switch (choice) {
    case 'logExpectedImprovement':
      if (gp !== null && pending.rows > 0) return pendingImprovement(gp, pending, { best, rng });
      return momentAcquisition(posterior, logExpectedImprovementRule({ best }));
    case 'expectedImprovement':
      return momentAcquisition(posterior, expectedImprovementRule({ best }));
    case 'logProbabilityOfImprovement':
      return momentAcquisition(posterior, logProbabilityOfImprovementRule({ best }));
    case 'probabilityOfImprovement':
      return momentAcquisition(posterior, probabilityOfImprovementRule({ best }));
    case 'upperConfidenceBound': {
      // Theorem 2's schedule is far too wide in practice; a fifth of it is what Srinivas et al. use, section 6.
      const beta = gpUcbBeta(evaluated.rows + 1, posterior.dimension, 0.1) / 5;
      return momentAcquisition(posterior, confidenceBoundRule({ beta }));
    }
    case 'logNoisyExpectedImprovement':
      return logNoisyExpectedImprovement(needGp(choice, gp), { rng });
    case 'maxValueEntropySearch':
      return momentAcquisition(posterior, maxValueEntropyRule({ optimumSamples: optimumSamples(context) }));
    case 'gibbon': {
      const { noise } = needGp(choice, gp);
      const rule = gibbonRule({
        optimumSamples: optimumSamples(context),
        noise: typeof noise === 'number' ? noise : noise[0],
      });
      return momentAcquisition(posterior, rule);
    }
    case 'jointEntropySearch': {
      const process = needGp(choice, gp);
      return jointEntropySearch(process, { optima: optimaOfCandidates(process, context) });
    }
    case 'predictiveEntropySearch': {
      const process = needGp(choice, gp);
      const { bounds } = context;
      // Slopes at an optimum are zero where every coordinate moves freely, and there the optimum is searched for.
      if (bounds === null || !hasSpectralDensity(process.kernel) || !isTwiceDifferentiable(process.kernel)) {
        const optima = optimaOfCandidates(process, context);
        return predictiveEntropyAcquisition(process, { optima, conditions: 'values' });
      }
      return predictiveEntropyAcquisition(process, { optima: sampleOptima(process, bounds, 8, rng), bounds });
    }
    case 'knowledgeGradient': {
      const process = needGp(choice, gp);
      const X = context.candidates(128);
      const data = new Float64Array(X.data.length + evaluated.data.length);
      data.set(X.data);
      data.set(evaluated.data, X.data.length);
      const domain = { data, rows: X.rows + evaluated.rows, columns: X.columns };
      return knowledgeGradientAcquisition(process, { domain });
    }
    case 'expectedHypervolumeImprovement':
      throw new RangeError("acquisition 'expectedHypervolumeImprovement' needs two objectives or more");
    case 'augmentedChebyshev':
      // The objective is the scalarization already.
      return chooseAcquisition('logExpectedImprovement', context);
    case 'thompsonSample': {
      const process = needGp(choice, gp);
      if (!hasSpectralDensity(process.kernel)) {
        throw new RangeError(`acquisition 'thompsonSample' needs a stationary kernel, got '${process.kernel.type}'`);
      }
      const [path] = gpSamplePaths(process, 1, rng);
      return { value: (x, gradient) => pathValue(path, x, gradient) };
    }
  }
}

/** Eight joint draws over 300 quasi-random points, each with its best point. */
function optimaOfCandidates(gp: GpState, { candidates, rng }: AcquisitionContext): SampledOptimum[] {
  const X = candidates(300);
  const draws = gpSample(gp, X, 8, rng);
  return Array.from({ length: 8 }, (_, s) => {
    let top = 0;
    for (let j = 1; j < X.rows; j++) if (draws[s * X.rows + j] > draws[s * X.rows + top]) top = j;
    return { x: X.data.slice(top * X.columns, (top + 1) * X.columns), value: draws[s * X.rows + top] };
  });
}

/** Ten draws of the maximum's value, by the Gumbel fit to 1000 quasi-random points and the evaluated ones. */
function optimumSamples({ posterior, evaluated, candidates, rng }: AcquisitionContext): Float64Array {
  const random = candidates(1000);
  const X = new Float64Array(random.data.length + evaluated.data.length);
  X.set(random.data);
  X.set(evaluated.data, random.data.length);
  const { mean, std } = posterior.many(X, random.rows + evaluated.rows);
  return sampleGumbelFit(gumbelFromMarginals(mean, std), 10, rng);
}

function needGp(choice: string, gp: GpState | null): GpState {
  if (gp === null) throw new RangeError(`acquisition '${choice}' needs a Gaussian process as model`);
  return gp;
}
