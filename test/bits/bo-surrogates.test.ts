import { expect, it } from 'vitest';
import { boSurrogatesDigest } from './bo-surrogates-digest.js';

it('surrogates, deep kernel machines, neural processes, test problems and the Step Law give the bits they always gave', () => {
  expect(boSurrogatesDigest()).toBe('9fad57af396d33b8');
});
