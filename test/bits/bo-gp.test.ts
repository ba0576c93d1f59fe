import { expect, it } from 'vitest';
import { boGpDigest } from './bo-gp-digest.js';

it('kernels, fits and processes give the bits they always gave', () => {
  expect(boGpDigest()).toBe('39a9fb9753e25d86');
});
