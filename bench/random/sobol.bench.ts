// A million Sobol points in ten dimensions, plain, scrambled and as normal numbers, against a million times ten uniforms of the
// generator. The bar is 150 ms for the plain sequence.
import { createRng, sobol, sobolNormal } from 'lemmata/random';
import { race, report } from '../harness.js';

const n = 2 ** 20;
const d = 10;
const out = new Float64Array(n * d);
const rng = createRng('sobol bench');
const contenders = (['none', 'shift', 'lms', 'owen'] as const).map((scramble) => ({
  name: `sobol, ${scramble}`,
  run: () => sobol(n, d, { scramble, rng }, out)[n * d - 1],
}));
report(
  `${n} points in ${d} dimensions`,
  race(
    [
      {
        name: 'uniforms of createRng',
        run: () => {
          for (let i = 0; i < out.length; i++) out[i] = rng();
          return out[7];
        },
      },
      ...contenders,
      { name: 'sobolNormal', run: () => sobolNormal(n, d, rng, {}, out)[n * d - 1] },
    ],
    { rounds: 7, warmup: 1 },
  ),
);
