import { expect, it } from 'vitest';
import { inferenceDigest } from './inference-digest.js';

it('the samplers give the bits they always gave', () => {
  expect(inferenceDigest()).toBe('88ba1dd3d429bc38');
});
