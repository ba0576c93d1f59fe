import { expect, it } from 'vitest';
import { boSurrogatesDigest } from './bo-surrogates-digest.js';

it('surrogates, deep kernel machines, neural processes and the Step Law give the bits they always gave', () => {
  expect(boSurrogatesDigest()).toBe('d9a68af4fb448b1d');
});
