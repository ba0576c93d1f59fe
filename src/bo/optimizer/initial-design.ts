/** The points before the model: the caller's configs, then a space-filling design that knows what has been tried. */
import { createRng, type Rng } from '../../random/create-rng.js';
import { latinHypercube } from '../../random/designs.js';
import { sobol } from '../../random/sobol.js';
import type { Choice } from '../space/parameter.js';
import type { SearchSpace } from '../space/search-space.js';
import type { OptimizerSetup } from './optimizer-options.js';
import { isTaken, type BayesianOptimizerState } from './optimizer-state.js';

/** Points of a design that are passed over in a row, as they are taken, before there is no design. */
const ATTEMPTS = 100;

/**
 * The next unused code of the design while the run wants one, null when it does not, and the number of design points that are
 * used up after it.
 *
 * A run wants design points until `nInitial` results are there or under way; failures may use up more than that.
 */
export function nextDesignPoint(
  setup: OptimizerSetup,
  state: BayesianOptimizerState,
  held: Float64Array,
): [x: Float64Array | null, designUsed: number] {
  const { space, first, nInitial } = setup;
  const useful = state.trials.filter(
    ({ run, status }) => run === state.run && (status === 'ok' || status === 'pending'),
  ).length;
  if (useful >= nInitial) return [null, state.designUsed];
  for (let i = state.designUsed; i < state.designUsed + ATTEMPTS; i++) {
    const fromCaller = state.run === 0 && i < first.length;
    const index = state.run === 0 ? i - first.length : i;
    const x = hold(space, fromCaller ? first[i] : designPoint(setup, state.designSeed!, index), held);
    if (!isTaken(state, x)) return [x, i + 1];
  }
  return [null, state.designUsed + ATTEMPTS];
}

/** A random code that is not taken, or null when a finite space has none left. */
export function randomCode(
  { space }: OptimizerSetup,
  state: BayesianOptimizerState,
  held: Float64Array,
  rng: Rng,
): Float64Array | null {
  for (let attempt = 0; attempt < 1000; attempt++) {
    const x = hold(space, Float64Array.from({ length: space.dimension }, rng), held);
    if (!isTaken(state, x)) return x;
  }
  const left =
    space.cardinality() <= 1e5 ? space.configs().map((config) => hold(space, space.encode(config), held)) : [];
  return left.find((x) => !isTaken(state, x)) ?? null;
}

/** Codes of held values, NaN elsewhere. @throws RangeError naming the value that is not of the space */
export function fixedCode(space: SearchSpace, fixed: Readonly<Record<string, Choice>> = {}): Float64Array {
  const code = new Float64Array(space.dimension).fill(NaN);
  for (const [name, value] of Object.entries(fixed)) {
    if (!Object.hasOwn(space.columns, name)) throw new RangeError(`fixed.${name} is not a parameter of the space`);
    code.set(space.encodeValue(name, value), space.columns[name].at);
  }
  return code;
}

/** Point number `index` of the design of a run. */
function designPoint({ space, initialDesign, nInitial }: OptimizerSetup, seed: number, index: number): Float64Array {
  const d = space.dimension;
  if (initialDesign === 'latin-hypercube' && index < nInitial) {
    return latinHypercube(nInitial, d, createRng(seed, 'design')).slice(index * d, (index + 1) * d);
  }
  if (initialDesign === 'sobol' && d <= 64) return sobol(1, d, { rng: createRng(seed, 'design'), start: index });
  const rng = createRng(seed, 'design', index);
  return Float64Array.from({ length: d }, rng);
}

function hold(space: SearchSpace, x: Float64Array, held: Float64Array): Float64Array {
  return space.canonical(x.map((value, k) => (Number.isNaN(held[k]) ? value : held[k])));
}
