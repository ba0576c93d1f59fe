/**
 * The problems of the study of network surrogates that need no simulator, on the unit cube and to be maximized, with the budgets
 * that the study gave them.
 *
 * Y. L. Li, T. G. J. Rudner, A. G. Wilson, arXiv:2305.20028, section 5 and Appendix. Pest control, whose inputs are choices, is
 * `pestControl`; the other problems of the study (a PDE, lunar lander, optics, oil, distillation) need programs of their own.
 */
import type { Rng } from '../../random/create-rng.js';
import { branin } from '../test-functions/branin.js';
import { hartmann6 } from '../test-functions/hartmann.js';
import { ackley } from '../test-functions/many-minima.js';
import { braninCurrin, dtlz } from '../test-functions/multi-objective.js';
import { networkDrawProblem, polynomialProblem } from './high-dimensional-problems.js';

export interface StudyProblem {
  name: string;
  dimension: number;
  objectives: number;
  /** Random points before a model is asked. */
  initial: number;
  /** Rounds after them, and points asked for at once in each. */
  rounds: number;
  batch: number;
  /** The values at u in [0, 1]^dimension, each to be maximized; `rng` draws the problem where it is random. */
  make(rng: Rng): (u: ArrayLike<number>) => number[];
}

/**
 * Branin, Hartmann-6, Ackley-10, Branin-Currin, DTLZ1 and DTLZ5 (5 inputs, 2 objectives), the polynomial in 200 and the network
 * draw in 400 dimensions. The budget of DTLZ5 is that of DTLZ1, as the study names none of its own.
 *
 * @example
 * const [first] = studyProblems();
 * [first.name, first.initial, first.rounds, first.batch]; //=> ['branin', 10, 9, 10]
 * first.make(createRng(1))([(Math.PI + 5) / 15, 2.275 / 15])[0].toFixed(6); //=> '-0.397887'
 */
export function studyProblems(): StudyProblem[] {
  return [
    { ...minimized(branin, 1), initial: 10, rounds: 9, batch: 10 },
    { ...minimized(hartmann6, 1), initial: 10, rounds: 19, batch: 10 },
    { ...minimized(ackley(10), 1), initial: 10, rounds: 19, batch: 10 },
    { ...minimized(braninCurrin, 2), initial: 10, rounds: 19, batch: 5 },
    { ...minimized(dtlz(1, 5), 2), initial: 10, rounds: 9, batch: 10 },
    { ...minimized(dtlz(5, 5), 2), initial: 10, rounds: 9, batch: 10 },
    { ...random('polynomial', 200, polynomialProblem), initial: 100, rounds: 25, batch: 10 },
    { ...random('networkDraw', 400, networkDrawProblem), initial: 100, rounds: 50, batch: 10 },
  ];
}

/** A problem in its own box, to be minimized, seen from the unit cube with the opposite sign. */
function minimized(
  problem: {
    name: string;
    dim: number;
    bounds: readonly (readonly [number, number])[];
    evaluate(x: ArrayLike<number>): number | number[];
  },
  objectives: number,
): Pick<StudyProblem, 'name' | 'dimension' | 'objectives' | 'make'> {
  const { name, dim, bounds } = problem;
  const evaluate = (u: ArrayLike<number>) => {
    const x = Float64Array.from(u, (v, k) => bounds[k][0] + v * (bounds[k][1] - bounds[k][0]));
    return [problem.evaluate(x)].flat().map((value) => -value);
  };
  return { name, dimension: dim, objectives, make: () => evaluate };
}

function random(
  name: string,
  dimension: number,
  draw: (dimension: number, rng: Rng) => { evaluate(x: ArrayLike<number>): number },
): Pick<StudyProblem, 'name' | 'dimension' | 'objectives' | 'make'> {
  return {
    name,
    dimension,
    objectives: 1,
    make(rng) {
      const { evaluate } = draw(dimension, rng);
      return (u) => [evaluate(u)];
    },
  };
}
