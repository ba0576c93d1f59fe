import { expect, it } from 'vitest';
import { inferenceDigest } from './inference-digest.js';

it('the samplers give the bits they always gave', () => {
  expect(inferenceDigest()).toBe('bd9cec90b85eaab4');
});
