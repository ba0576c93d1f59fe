import {
  dualAveraging,
  effectiveSampleSize,
  hmc,
  leapfrog,
  mcmcDiagnostics,
  mcmcQuantile,
  nuts,
  sghmc,
  sliceSample,
  trice,
} from '../../src/inference/index.js';
import { createRng } from '../../src/random/index.js';
import { bitsOf } from './bits-of.js';

/** Every sampler on a banana-shaped density, one short run each, in one hash. */
export function inferenceDigest(): string {
  const values: number[] = [];
  const banana = (x: Float64Array, gradient: Float64Array): number => {
    const bend = x[1] - x[0] * x[0];
    gradient[0] = -x[0] + 4 * bend * x[0];
    gradient[1] = -2 * bend;
    return -0.5 * x[0] * x[0] - bend * bend;
  };
  const scratch = new Float64Array(2);
  values.push(...leapfrog(banana, { position: [0.5, 0.1], momentum: [1, -1] }, { step: 0.1, steps: 9 }).position);
  const averaging = dualAveraging({ initialStep: 0.2 });
  let state = averaging.init();
  for (let t = 0; t < 20; t++) state = averaging.update(state, (t % 5) / 4, state);
  values.push(averaging.step(state), averaging.averagedStep(state));
  const run = hmc(banana, [0, 0], createRng('bits', 'hmc'), {
    samples: 60,
    burnIn: 40,
    stepSize: 0.2,
    pathLength: 1,
    massAdaptation: 'diagonal',
    initialStep: 'reasonable',
  });
  values.push(...run.samples, ...run.logDensities, run.stepSize, run.acceptanceRate);
  const slices = sliceSample((x) => banana(x, scratch), [0, 0], createRng('bits', 'slice'), { samples: 40, burnIn: 5 });
  values.push(...slices.samples);
  const gradient = (x: Float64Array, rng: () => number, out: Float64Array) => {
    banana(x, out);
    for (let i = 0; i < 2; i++) out[i] = -out[i] + 0.1 * (rng() - 0.5);
  };
  values.push(...sghmc(gradient, [0, 0], createRng('bits', 'sghmc'), { steps: 200, burnIn: 100 }).samples);
  const diagnostics = mcmcDiagnostics([run.logDensities.slice(0, 30), run.logDensities.slice(30)]);
  values.push(...Object.values(diagnostics));
  const turns = nuts(banana, [0, 0], createRng('bits', 'nuts'), {
    samples: 40,
    burnIn: 40,
    massAdaptation: 'diagonal',
    initialStep: 'reasonable',
  });
  values.push(...turns.samples, ...turns.logDensities, turns.stepSize, turns.acceptanceRate, turns.leapfrogs);
  const model = trice({
    correct: [
      [1, 0, 0],
      [0, 1, 1],
    ],
  });
  const stream = createRng('bits', 'trice');
  let reasoning = model.init(stream);
  for (let t = 0; t < 10; t++) reasoning = model.update(reasoning, stream, reasoning);
  values.push(...reasoning.logits, ...reasoning.memory, model.logLikelihood(reasoning));
  const chain = Float64Array.from({ length: 41 }, (_, s) => run.samples[2 * s]); // odd: halves leave a draw out
  values.push(effectiveSampleSize([chain]), ...Object.values(mcmcQuantile([chain], 0.8)));
  return bitsOf(values);
}
