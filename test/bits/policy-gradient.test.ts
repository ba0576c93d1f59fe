import { expect, it } from 'vitest';
import { policyGradientDigest } from './policy-gradient-digest.js';

it('the surrogates give the bits they always gave', () => {
  expect(policyGradientDigest()).toBe('7a0a42328b3bb3fe');
});
