// One claim in a process of its own: claims/run.ts starts it with the claim's file, the scale and the seed.
import { pathToFileURL } from 'node:url';
import type { Claim, ClaimResult, Scale } from './claim.js';

const [file, scale, seed] = process.argv.slice(2);
const { claim } = (await import(pathToFileURL(file).href)) as { claim: Claim };

let told = 0;
let result: ClaimResult;
try {
  result = await claim.run({
    scale: scale as Scale,
    seed: Number(seed),
    onProgress(fraction) {
      if (fraction - told < 0.01) return;
      told = fraction;
      process.send?.({ fraction });
    },
  });
} catch (error) {
  result = {
    measured: 'stopped by an error',
    verdict: 'not reproduced',
    note: String((error as Error).stack ?? error),
  };
}
process.send?.({ result }, () => process.exit(0));
