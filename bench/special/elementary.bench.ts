// Elementary functions over 4096 arguments against the engine's own Math, in one process; exp also against the C
// library when a compiler is there. Arguments are made before the clock; results are summed so that none is skipped.
import { cos, exp, expm1, log, log1p, pow, sin, tanh } from 'lemmata/special';
import { createRng } from 'lemmata/random';
import { race, report } from '../harness.js';
import { cppContender, doublesFile } from '../processes.js';

const rng = createRng('elementary');
const N = 4096;
const draw = (low: number, high: number) => Float64Array.from({ length: N }, () => low + (high - low) * rng());
const REPEAT = 50;

const cases: [string, Float64Array, (x: number) => number, (x: number) => number][] = [
  ['exp, x in [-20, 20]', draw(-20, 20), Math.exp, exp],
  ['log, x in [0, 100]', draw(1e-3, 100), Math.log, log],
  ['log1p, x in [-0.9, 10]', draw(-0.9, 10), Math.log1p, log1p],
  ['expm1, x in [-5, 5]', draw(-5, 5), Math.expm1, expm1],
  ['sin, x in [-100, 100]', draw(-100, 100), Math.sin, sin],
  ['cos, x in [-100, 100]', draw(-100, 100), Math.cos, cos],
  ['tanh, x in [-3, 3]', draw(-3, 3), Math.tanh, tanh],
  ['pow, x^1.7, x in [0, 100]', draw(1e-3, 100), (x) => Math.pow(x, 1.7), (x) => pow(x, 1.7)],
];

for (const [title, x, native, own] of cases) {
  for (let i = 0; i < N; i++) {
    const difference = Math.abs(native(x[i]) - own(x[i]));
    if (!(difference <= 1e-15 * Math.abs(own(x[i])))) throw new Error(`${title}: outputs differ at ${x[i]}`);
  }
  // each contender has a loop of its own, so that the call inside is monomorphic and can be inlined
  const loop = (f: string) =>
    new Function(
      'f',
      'x',
      `return () => { let s = 0; for (let r = 0; r < ${REPEAT}; r++) for (let i = 0; i < x.length; i++) s += f(x[i]); return s; } // ${f}`,
    ) as (f: (x: number) => number, x: Float64Array) => () => number;
  report(
    `${title}, ${REPEAT} x ${N} calls`,
    race([
      { name: `Math.${native.name || 'pow'}`, run: loop(`${title} Math`)(native, x) },
      { name: 'lemmata', run: loop(`${title} lemmata`)(own, x) },
      title.startsWith('exp,') ? cppContender('C library, one pass', 'exp', [doublesFile('exp', x)]) : undefined,
    ]),
  );
}
