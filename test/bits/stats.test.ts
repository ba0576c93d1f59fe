import { expect, it } from 'vitest';
import { statsDigest } from './stats-digest.js';

it('statistics give the bits they always gave', () => {
  expect(statsDigest()).toBe('66f9cab3b85df016');
});
