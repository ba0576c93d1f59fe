// The No-U-Turn sampler: Hamiltonian Monte Carlo that finds the length of each trajectory by itself.
//
// M. D. Hoffman, A. Gelman, "The No-U-Turn Sampler", JMLR 15 (2014); the multinomial form with the generalized criterion of
// M. Betancourt, "A Conceptual Introduction to Hamiltonian Monte Carlo", arXiv:1701.02434, Appendix A.3 to A.4; the criterion across
// the seam of two subtrees as Stan has it.
//
//   z = (θ, p) a state, H its energy, ρ the sum of the momenta of a trajectory, w = Σ e^(H_0 - H) its weight
//   a trajectory has turned when p_first·M⁻¹ρ <= 0 or p_last·M⁻¹ρ <= 0
//
// A trajectory grows by doubling, forwards or backwards in time by a fair coin, until it turns or breaks down; a new half that
// turns within itself is thrown away. Within a half a state is drawn with probability proportional to e^-H; the state of a new
// half replaces the old one with probability min(1, w_new / w_old) (biased progressive sampling).

import { checkInteger } from '../internal/check.js';
import type { Rng } from '../random/create-rng.js';
import { sampleNormal } from '../random/normal.js';
import { exp } from '../special/exp.js';
import { logAddExp } from '../special/log-sum-exp.js';
import {
  type ChainOptions,
  type ChainResult,
  chainSettings,
  type ChainState,
  runChain,
  type Transition,
} from './chain.js';
import { integrate, kineticEnergy, type LogDensityGradient } from './leapfrog.js';

export interface NutsOptions extends ChainOptions {
  /** A trajectory doubles at most this many times: 2^maxDepth - 1 steps. Default 10, Stan's. */
  maxDepth?: number;
}

export type NutsResult = ChainResult;

/**
 * Samples from the density whose logarithm and gradient are given, with no path length to choose. `acceptanceRate` is the mean
 * over a trajectory of min(1, e^(H_0 - H)), which the burn-in drives to `targetAccept`; `divergences` counts trajectories whose
 * energy error exceeded 1000 or was not finite.
 *
 * An iteration draws d normals, and a uniform for each doubling, each merge within a half and each choice between halves. One
 * gradient a leapfrog step. O(d maxDepth) memory beyond the samples.
 *
 * @param logDensityGradient log π(θ) up to a constant; writes ∇ log π
 * @param start θ with a finite density, length d
 * @throws RangeError if an option is out of range or the density at start is not finite
 *
 * @example
 * const normal = (x, gradient) => {
 *   gradient[0] = -x[0];
 *   return -0.5 * x[0] * x[0];
 * };
 * const run = nuts(normal, [3], createRng(1), { samples: 2000, burnIn: 200 });
 * Math.abs(run.samples.reduce((total, x) => total + x * x, 0) / 2000 - 1) < 0.2; //=> true
 */
export function nuts(
  logDensityGradient: LogDensityGradient,
  start: ArrayLike<number>,
  rng: Rng,
  options: NutsOptions = {},
): NutsResult {
  const chain = chainSettings(start, options);
  const maxDepth = checkInteger('maxDepth', options.maxDepth ?? 10, 1, 30);
  const { mass } = chain;
  return runChain(chain, logDensityGradient, start, rng, (current, stepSize) =>
    trajectory({ logDensityGradient, rng, mass, stepSize, energy: 0, accepts: 0, steps: 0 }, current, maxDepth),
  );
}

/** States are never changed once they are made, so that trees may share them. */
interface State extends ChainState {
  momentum: Float64Array;
}

/** One iteration: its energy H_0 at the start, and what it spends. */
interface Iteration {
  logDensityGradient: LogDensityGradient;
  rng: Rng;
  mass: Float64Array;
  stepSize: number;
  energy: number;
  /** Σ min(1, e^(H_0 - H)) over its steps. */
  accepts: number;
  steps: number;
}

/** A trajectory in the order of time. */
interface Tree {
  first: State;
  last: State;
  /** ρ. */
  momenta: Float64Array;
  /** The state drawn from it. */
  drawn: State;
  /** ln w. */
  logWeight: number;
}

/** Doubles from `current` with a fresh momentum, and draws the next state. */
function trajectory(iteration: Iteration, current: ChainState, maxDepth: number): Transition {
  const { rng, mass } = iteration;
  const momentum = mass.map((m) => Math.sqrt(m) * sampleNormal(rng));
  const origin = { ...current, momentum };
  iteration.energy = kineticEnergy(momentum, mass) - current.logDensity;
  let tree: Tree = { first: origin, last: origin, momenta: momentum, drawn: origin, logWeight: 0 };
  let divergent = false;
  for (let depth = 0; depth < maxDepth; depth++) {
    const forwards = rng() < 0.5;
    const half = grow(iteration, forwards ? tree.last : tree.first, forwards ? 1 : -1, depth);
    if (half === 'turned' || half === 'diverged') {
      divergent = half === 'diverged';
      break;
    }
    const drawn = rng() < exp(Math.min(0, half.logWeight - tree.logWeight)) ? half.drawn : tree.drawn;
    const [early, late] = forwards ? [tree, half] : [half, tree];
    tree = joined(early, late, drawn);
    if (turned(early, late, tree, mass)) break;
  }
  const { accepts, steps } = iteration;
  return { next: tree.drawn, acceptProbability: accepts / steps, divergent, steps };
}

/** A new half of 2^depth steps beyond an edge; 'turned' where a part of it has turned, so that it may not be used. */
function grow(iteration: Iteration, edge: State, direction: 1 | -1, depth: number): Tree | 'turned' | 'diverged' {
  const { rng, mass } = iteration;
  if (depth === 0) return step(iteration, edge, direction);
  const near = grow(iteration, edge, direction, depth - 1);
  if (typeof near === 'string') return near;
  const far = grow(iteration, direction === 1 ? near.last : near.first, direction, depth - 1);
  if (typeof far === 'string') return far;
  const [early, late] = direction === 1 ? [near, far] : [far, near];
  const drawn = rng() < exp(far.logWeight - logAddExp(near.logWeight, far.logWeight)) ? far.drawn : near.drawn;
  const tree = joined(early, late, drawn);
  return turned(early, late, tree, mass) ? 'turned' : tree;
}

/** One leapfrog step, against time where direction is -1. */
function step(iteration: Iteration, edge: State, direction: 1 | -1): Tree | 'diverged' {
  const { logDensityGradient, mass, stepSize, energy } = iteration;
  const position = edge.position.slice();
  const momentum = edge.momentum.slice();
  const gradient = edge.gradient.slice();
  const logDensity = integrate(logDensityGradient, position, momentum, gradient, direction * stepSize, 1, mass);
  const error = kineticEnergy(momentum, mass) - logDensity - energy;
  iteration.steps += 1;
  if (!Number.isFinite(error) || error > 1000) return 'diverged';
  iteration.accepts += error <= 0 ? 1 : exp(-error);
  const state = { position, momentum, gradient, logDensity };
  return { first: state, last: state, momenta: momentum, drawn: state, logWeight: -error };
}

function joined(early: Tree, late: Tree, drawn: State): Tree {
  return {
    first: early.first,
    last: late.last,
    momenta: early.momenta.map((p, i) => p + late.momenta[i]),
    drawn,
    logWeight: logAddExp(early.logWeight, late.logWeight),
  };
}

/** Whether the whole has turned, or either half with the nearest state of the other: a full turn may hide in their sum. */
function turned(early: Tree, late: Tree, whole: Tree, mass: Float64Array): boolean {
  return (
    turnedBetween(whole.first.momentum, whole.last.momentum, whole.momenta, null, mass) ||
    turnedBetween(early.first.momentum, late.first.momentum, early.momenta, late.first.momentum, mass) ||
    turnedBetween(early.last.momentum, late.last.momentum, late.momenta, early.last.momentum, mass)
  );
}

/** p_a·M⁻¹(ρ + extra) <= 0 or p_b·M⁻¹(ρ + extra) <= 0. */
function turnedBetween(
  a: Float64Array,
  b: Float64Array,
  rho: Float64Array,
  extra: Float64Array | null,
  mass: Float64Array,
): boolean {
  let byA = 0;
  let byB = 0;
  for (let i = 0; i < rho.length; i++) {
    const velocity = (extra === null ? rho[i] : rho[i] + extra[i]) / mass[i];
    byA += a[i] * velocity;
    byB += b[i] * velocity;
  }
  return !(byA > 0 && byB > 0);
}
