import { expect, it } from 'vitest';
import { specialDigest } from './special-digest.js';

it('special functions give the bits they always gave', () => {
  expect(specialDigest()).toBe('3326d6ee25b9b789');
});
