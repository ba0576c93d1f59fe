// A misspelt option is refused by name: passed over in silence, it would change the law that is sampled from.
import { expect, test } from 'vitest';
import {
  autoregressiveGenerateSync,
  logitsPipeline,
  mirostat,
  speculativeDecoder,
  speculativeGenerate,
  speculativeGenerateSync,
} from '../../src/decoding/index.js';

const even = (prefixes: readonly ArrayLike<number>[]) => prefixes.map(() => [0, 0]);
const models = { target: even, draft: even };
const rng = () => 0.5;

test.each<[string, () => unknown]>([
  ["options has no 'topk'; it may have bias, mask,", () => logitsPipeline({ topk: 5 } as never)],
  ["options has no 'gamma'; it may have verifier, length,", () => speculativeDecoder(models, { gamma: 4 } as never)],
  ["options has no 'top_p'", () => speculativeDecoder(models, { sampling: { top_p: 0.9 } as never })],
  [
    "options has no 'max_tokens'",
    () => speculativeGenerateSync(models, [0], rng, { maxTokens: 1, max_tokens: 2 } as never),
  ],
  [
    "options has no 'temperature'; it may have maxTokens",
    () => autoregressiveGenerateSync(even, [0], rng, { maxTokens: 1, temperature: 0 } as never),
  ],
  ["options has no 'TAU'; it may have version, tau, eta, m", () => mirostat({ TAU: 3 } as never)],
])('%s', (message, call) => {
  expect(call).toThrow(TypeError);
  expect(call).toThrow(message);
});

test('every option of a generation is known', async () => {
  const options = {
    maxTokens: 2,
    stop: () => false,
    onRound: () => {},
    lengthState: undefined,
    signal: new AbortController().signal,
    sampling: { temperature: 1 },
  };
  expect((await speculativeGenerate(models, [0], rng, options)).tokens).toHaveLength(2);
});
