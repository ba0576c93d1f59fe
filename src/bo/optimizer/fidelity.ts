/**
 * Runs at several fidelities: the model and the acquisition of `BayesianOptimizerOptions.fidelity`.
 *
 * J. Wu, S. Toscano-Palmerin, P. I. Frazier, A. G. Wilson, arXiv:1903.04703: the knowledge gradient about the target fidelity per
 * unit of cost, with the kernel of `linearTruncatedFidelity`.
 */
import { log } from '../../special/log.js';
import type { Acquisition } from '../acquisition/acquisition.js';
import { knowledgeGradientAcquisition } from '../acquisition/knowledge-gradient.js';
import type { GpState } from '../gp/gp-state.js';
import { linearTruncatedFidelity } from '../kernels/fidelity.js';
import type { Kernel, Points } from '../kernels/kernel.js';
import { spaceKernel } from '../space/space-kernel.js';
import { searchSpace, type SearchSpace } from '../space/search-space.js';
import type { BayesianOptimizerOptions } from './optimizer-options.js';

type Fidelity = NonNullable<BayesianOptimizerOptions['fidelity']>;

/** The kernel on the features of the space: two kernels on the other features, joined by the fidelity. */
export function fidelityKernel(space: SearchSpace, { parameter }: Fidelity, base: 'matern52' | 'rbf'): Kernel {
  const { [parameter]: _, ...others } = space.parameters;
  const rest = spaceKernel(searchSpace(others), base);
  return linearTruncatedFidelity({ fidelityDim: space.columns[parameter].at, unbiased: rest, biased: rest });
}

/** ln KG about the target fidelity - ln cost, over a domain of the given points moved to the target. */
export function fidelityAcquisition(
  space: SearchSpace,
  { parameter, cost = (value) => value }: Fidelity,
  gp: GpState,
  groups: readonly Points[],
): Acquisition {
  const { at } = space.columns[parameter];
  const columns = gp.d;
  const rows = groups.reduce((total, group) => total + group.rows, 0);
  const data = new Float64Array(rows * columns);
  let offset = 0;
  for (const group of groups) {
    data.set(group.data.subarray(0, group.rows * columns), offset);
    offset += group.rows * columns;
  }
  for (let i = 0; i < rows; i++) data[i * columns + at] = 1;
  const gain = knowledgeGradientAcquisition(gp, { domain: { data, rows, columns }, includeX: false });
  const center = new Float64Array(space.dimension).fill(0.5);
  const logCost = (u: number): number => {
    center[at] = Math.min(1, Math.max(0, u));
    return log(cost(space.decode(center)[parameter] as number));
  };
  return {
    value(x, gradient) {
      const value = gain.value(x, gradient);
      if (gradient !== undefined) gradient[at] -= (logCost(x[at] + 1e-5) - logCost(x[at] - 1e-5)) / 2e-5;
      return value - logCost(x[at]);
    },
  };
}
