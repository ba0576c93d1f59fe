import { expect, it } from 'vitest';
import { statsDigest } from './stats-digest.js';

it('statistics give the bits they always gave', () => {
  expect(statsDigest()).toBe('b10565d84a377545');
});
