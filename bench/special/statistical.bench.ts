// Functions of statistics over 4096 arguments against mathjs (npm) and against one pass of the C library. The outputs are
// compared first; arguments are made before the clock, results are summed so that none is skipped.
import { erf, erfc, erfcx, log, logGamma, normalCdf, normalQuantile } from 'lemmata/special';
import { createRng } from 'lemmata/random';
import { race, report } from '../harness.js';
import { cppContender, doublesFile, importPeer } from '../processes.js';

const rng = createRng('statistical');
const N = 4096;
const REPEAT = 20;
const draw = (low: number, high: number) => Float64Array.from({ length: N }, () => low + (high - low) * rng());
const mathjs = await importPeer<{ erf(x: number): number; lgamma(x: number): number }>('mathjs');

// each contender has a loop of its own, so that the call inside is monomorphic and can be inlined
const loop = (title: string, repeat: number) =>
  new Function(
    'f',
    'x',
    `return () => { let s = 0; for (let r = 0; r < ${repeat}; r++) for (let i = 0; i < x.length; i++) s += f(x[i]); return s; } // ${title}`,
  ) as (f: (x: number) => number, x: Float64Array) => () => number;

interface Case {
  title: string;
  own: (x: number) => number;
  x: Float64Array;
  peer?: ((x: number) => number) | undefined;
  /** Relative difference that the peer's documentation allows. */
  tolerance?: number;
  native?: string;
}

const cases: Case[] = [
  { title: 'erf, x in [-3, 3]', own: erf, x: draw(-3, 3), peer: mathjs?.erf, tolerance: 1e-14, native: 'erf' },
  { title: 'erfc, x in [0, 20]', own: erfc, x: draw(0, 20), native: 'erfc' },
  { title: 'erfcx, x in [0, 50]', own: erfcx, x: draw(0, 50) },
  {
    title: 'log Γ, x in [0.01, 30]',
    own: logGamma,
    x: draw(0.01, 30),
    peer: mathjs?.lgamma,
    tolerance: 1e-11,
    native: 'lgamma',
  },
  { title: 'Φ, z in [-8, 8]', own: normalCdf, x: draw(-8, 8) },
  { title: 'Φ⁻¹, p in [0, 1]', own: normalQuantile, x: draw(0, 1) },
];

for (const { title, own, x, peer, tolerance = 1e-13, native } of cases) {
  if (peer !== undefined) {
    for (const value of x) {
      const difference = Math.abs(peer(value) - own(value));
      if (!(difference <= tolerance * (1 + Math.abs(own(value)))))
        throw new Error(`${title}: outputs differ at ${value}`);
    }
  }
  // the peer first, so that ratios are against it; without one against log of this library, a unit that readers know
  const once = { name: 'lemmata, one pass', run: loop(`${title} once`, 1)(own, x) };
  const positive = x.map((value) => Math.abs(value) + 1e-3);
  report(
    `${title}, ${REPEAT} x ${N} calls`,
    race([
      peer === undefined
        ? { name: 'log, lemmata (for scale)', run: loop(`${title} log`, REPEAT)(log, positive) }
        : { name: 'mathjs', run: loop(`${title} mathjs`, REPEAT)(peer, x) },
      { name: 'lemmata', run: loop(title, REPEAT)(own, x) },
    ]),
  );
  if (native !== undefined) {
    const contender = cppContender('C library', 'special', [native, doublesFile(native, x)]);
    if (contender !== undefined) report(`${title}, one pass of ${N}`, race([contender, once]));
  }
}
