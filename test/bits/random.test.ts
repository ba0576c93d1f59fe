import { expect, it } from 'vitest';
import { randomDigest } from './random-digest.js';

it('samplers and designs give the bits they always gave', () => {
  expect(randomDigest()).toBe('986b61453995930a');
});
