import { expect, it } from 'vitest';
import { preferenceTabularDigest } from './preference-tabular-digest.js';

it('tabular policies, diagnostics, soft Q-functions and the language model give the bits they always gave', () => {
  expect(preferenceTabularDigest()).toBe('96b196debaf0118a');
});
