import { expect, it } from 'vitest';
import { policyGradientDigest } from './policy-gradient-digest.js';

it('the surrogates give the bits they always gave', () => {
  expect(policyGradientDigest()).toBe('449f398c8c2be832');
});
