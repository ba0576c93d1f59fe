import { describe, expect, it } from 'vitest';
import * as bo from '../../../src/bo/index.js';
import { complaintsOf, type Call } from '../../support/refusals.js';
import { ACQUISITIONS } from './acquisitions.js';
import { MODELS } from './models.js';
import { NETWORKS } from './networks.js';
import { OPTIMIZERS } from './optimizers.js';

const CALLS: Record<string, Call> = { ...MODELS, ...ACQUISITIONS, ...OPTIMIZERS, ...NETWORKS };
const exported = Object.entries(bo).filter(([, value]) => typeof value === 'function') as [string, never][];

describe('bad arguments are refused by name, and no result has NaN', () => {
  it('every exported function has a valid call here', () => {
    expect(exported.map(([name]) => name).filter((name) => !(name in CALLS))).toEqual([]);
    expect(Object.keys(CALLS).filter((name) => !(name in bo))).toEqual([]);
  });

  it.each(exported.filter(([name]) => name in CALLS))('%s', async (name, f) => {
    expect(await complaintsOf(f, CALLS[name])).toEqual([]);
  });
});
