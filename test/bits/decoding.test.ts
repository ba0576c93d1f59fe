import { expect, it } from 'vitest';
import { decodingDigest } from './decoding-digest.js';

it('filters, verifiers and runs of the decoder give the bits they always gave', () => {
  expect(decodingDigest()).toBe('de200b2585859105');
});
