// What the public functions refuse, and in which words: every argument of every function in turn is made wrong.
import { describe, expect, it } from 'vitest';
import { minimaxWinner } from '../../../src/games/index.js';
import { grpoAdvantages, rlooAdvantages } from '../../../src/policy-gradient/index.js';
import * as preference from '../../../src/preference/index.js';
import { LOSSES } from '../losses/losses-under-test.js';
import { MODULES, type CallUnderTest } from './calls-under-test.js';

type Fault = 'NaN' | 'wrong kind' | 'too short' | 'unknown name' | 'Infinity';

interface BadCall {
  title: string;
  args: unknown[];
  /** Whether the message begins with the argument. */
  begins: (message: string) => boolean;
  type: 'TypeError' | 'RangeError' | 'either';
}

const isNumbers = (x: unknown): x is ArrayLike<number> =>
  ArrayBuffer.isView(x) || (Array.isArray(x) && x.length > 0 && x.every((v) => typeof v === 'number'));

/** Every way to spoil one argument of a call. */
function badCalls({ args, free = [], unread = {}, scalarToo = [] }: CallUnderTest): BadCall[] {
  const names = new Set<string>();
  const calls: BadCall[] = [];
  // A length is wrong only beside another: any argument may be the one that is named.
  const anyName = (message: string) => [...names].some((name) => begin(name)(message));
  const spoil = (path: (string | number)[], value: unknown): unknown[] => {
    const put = (node: unknown, depth: number): unknown => {
      if (depth === path.length) return value;
      const key = path[depth];
      if (ArrayBuffer.isView(node) || Array.isArray(node)) {
        const copy = (node as unknown[]).slice();
        copy[key as number] = put(copy[key as number], depth + 1) as never;
        return copy;
      }
      return { ...(node as object), [key]: put((node as Record<string, unknown>)[key], depth + 1) };
    };
    return Object.values(put(args, 0) as object);
  };
  const add = (
    fault: Fault,
    path: (string | number)[],
    value: unknown,
    begins: BadCall['begins'],
    type: BadCall['type'],
  ): void => {
    calls.push({ title: `${written(path)}: ${fault}`, args: spoil(path, value), begins, type });
  };
  const walk = (path: (string | number)[], value: unknown): void => {
    const last =
      path.length -
      1 -
      path
        .slice()
        .reverse()
        .findIndex((key) => typeof key === 'string');
    const name = path[last] as string;
    const label = written(path.slice(last));
    names.add(name);
    if (value === undefined || '*' in unread || name in unread || label in unread) return;
    const here = begin(label);
    if (typeof value === 'number') {
      add('NaN', path, NaN, here, 'RangeError');
      add('wrong kind', path, 'x', here, 'either');
    } else if (typeof value === 'string') {
      add('unknown name', path, 'nonsense', here, 'RangeError');
    } else if (typeof value === 'function') {
      add('wrong kind', path, 5, here, 'TypeError');
    } else if (typeof value === 'object' && value !== null && 'length' in value) {
      const list = value as unknown[];
      add('wrong kind', path, 5, here, scalarToo.includes(name) ? 'RangeError' : 'TypeError');
      if (!free.includes(label) && !free.includes(name)) add('too short', path, list.slice(1), anyName, 'either');
      // the last entry, of a matrix the first of the last row: the diagonal may not count
      const i = typeof path.at(-1) === 'number' ? 0 : list.length - 1;
      if (isNumbers(list)) {
        const element = begin(`${label}[${i}]`);
        add('NaN', [...path, i], NaN, element, 'RangeError');
        add('Infinity', [...path, i], Infinity, element, 'RangeError');
      } else if (typeof list[i] === 'object') walk([...path, i], list[i]);
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, field] of Object.entries(value)) walk([...path, key], field);
    }
  };
  for (const [key, value] of Object.entries(args)) walk([key], value);
  return calls;
}

const written = (path: (string | number)[]): string =>
  path.map((key, i) => (typeof key === 'number' ? `[${key}]` : i === 0 ? key : `.${key}`)).join('');
const escaped = (text: string): string => text.replace(/[[\].]/g, '\\$&');
function begin(label: string): BadCall['begins'] {
  const pattern = new RegExp(`^([\\w.[\\]]+\\.)?${escaped(label)}(?!\\w)`);
  return (message) => pattern.test(message);
}

describe.each(MODULES)('%s', (_, module, calls) => {
  it('has a good call of every function here, and it is good', () => {
    const functions = Object.keys(module).filter((name) => typeof module[name] === 'function');
    expect([...new Set(calls.map(({ fn }) => fn))].sort()).toEqual(functions.sort());
    for (const { fn, args } of calls) {
      expect(() => (module[fn] as (...all: unknown[]) => unknown)(...Object.values(args)), fn).not.toThrow();
    }
  });

  it.each(calls.map((call) => [call.note === undefined ? call.fn : `${call.fn} ${call.note}`, call] as const))(
    '%s names the argument that is wrong',
    (title, call) => {
      const wrong: string[] = [];
      for (const { title: fault, args, begins, type } of badCalls(call)) {
        let error: unknown;
        try {
          (module[call.fn] as (...all: unknown[]) => unknown)(...args);
        } catch (caught) {
          error = caught;
        }
        const message = error instanceof Error ? `${error.name}: ${error.message}` : 'nothing thrown';
        const good =
          (error instanceof TypeError || error instanceof RangeError) &&
          (type === 'either' || error.name === type) &&
          begins(error.message);
        if (!good) wrong.push(`${fault} -> ${message}`);
      }
      expect(wrong, title).toEqual([]);
    },
  );
});

describe('values that are refused, and what the message begins with', () => {
  const pair = {
    policyChosen: [-3, -2, -5],
    policyRejected: [-4, -6, -5],
    refChosen: [-3, -2, -4],
    refRejected: [-4, -5, -5],
    chosenLengths: [2, 3, 4],
    rejectedLengths: [3, 3, 3],
  };
  const with3 = (field: string, value: number) => {
    const values = (pair as Record<string, number[]>)[field].slice();
    values[2] = value;
    return { ...pair, [field]: values };
  };
  const refused = (call: () => unknown, type: typeof TypeError | typeof RangeError, message: RegExp): void => {
    expect(call).toThrow(type);
    expect(call).toThrow(message);
  };
  // slicLoss and orpoLoss have no beta; simpo and others no reference.
  const noBeta = [preference.slicLoss, preference.orpoLoss] as unknown[];
  const usesLengths = ['length-normalized dpo', 'r-dpo', 'simpo', 'alpha-po', 'cpo', 'rpo', 'ipo, per token', 'orpo'];
  const referenceFree = (title: string) => /simpo|alpha-po|cpo|orpo|slic/.test(title);

  it.each(LOSSES.map((entry) => [entry.title, entry] as const))('%s', (title, { loss, options }) => {
    if (!noBeta.includes(loss)) {
      for (const beta of [0, -1, Infinity, NaN]) {
        refused(() => loss(pair, { ...options, beta }), RangeError, /^beta must be a finite number/);
      }
    }
    refused(
      () => loss({ ...pair, policyChosen: [] }, options),
      RangeError,
      /^policyChosen must not be empty|^chosenLengths must have length 0/,
    );
    refused(
      () => loss({ ...pair, policyRejected: [-1] }, options),
      RangeError,
      /^policyRejected must have length 3, got 1/,
    );
    refused(() => loss(with3('policyChosen', NaN), options), RangeError, /^policyChosen\[2\] (is NaN|must)/);
    refused(
      () => loss(with3('policyRejected', Infinity), options),
      RangeError,
      /^policyRejected\[2\] (is Infinity|must)/,
    );
    refused(() => loss({ ...pair, weights: [1, -1, 1] }, options), RangeError, /^weights\[1\]/);
    refused(
      () => loss(pair, { ...options, reduction: 'total' }),
      RangeError,
      /^reduction must be one of 'mean', 'sum', 'none'/,
    );
    if (!referenceFree(title)) {
      const both = with3('policyChosen', -Infinity);
      both.refChosen = [-3, -2, -Infinity];
      refused(() => loss(both, options), RangeError, /^pair 2: policyChosen and refChosen are both -Infinity/);
      refused(() => loss({ ...pair, refChosen: undefined } as never, options), TypeError, /^refChosen/);
    }
    refused(
      () => loss(with3('policyChosen', 0.5), { ...options, strictLogProbs: true }),
      RangeError,
      /^policyChosen\[2\] must be at most 0/,
    );
    if (usesLengths.includes(title)) {
      refused(
        () => loss({ ...pair, chosenLengths: undefined } as never, options),
        TypeError,
        /^chosenLengths is required by /,
      );
      refused(
        () => loss(with3('rejectedLengths', 0), options),
        RangeError,
        /^rejectedLengths\[2\] must be an integer of at least 1, got 0/,
      );
      refused(() => loss(with3('rejectedLengths', 2.5), options), RangeError, /^rejectedLengths\[2\]/);
    }
  });

  const one = { policyChosen: [-3], policyRejected: [-4] };
  const cells: [string, () => unknown, typeof TypeError | typeof RangeError, RegExp][] = [
    [
      'robust smoothing of 1/2',
      () => preference.robustDpoLoss(one, { labelSmoothing: 0.5 }),
      RangeError,
      /^labelSmoothing/,
    ],
    [
      'robust smoothing below 0',
      () => preference.robustDpoLoss(one, { labelSmoothing: -0.1 }),
      RangeError,
      /^labelSmoothing/,
    ],
    ['robust smoothing left out', () => preference.robustDpoLoss(one, {} as never), RangeError, /^labelSmoothing/],
    [
      'conservative smoothing above 1',
      () => preference.dpoLoss(one, { labelSmoothing: 1.1 }),
      RangeError,
      /^labelSmoothing/,
    ],
    ['exo smoothing of 0', () => preference.exoPairLoss(one, { labelSmoothing: 0 }), RangeError, /^labelSmoothing/],
    ['exo smoothing of 1', () => preference.exoPairLoss(one, { labelSmoothing: 1 }), RangeError, /^labelSmoothing/],
    [
      'orpo with a probability above 1',
      () =>
        preference.orpoLoss({ policyChosen: [0.1], policyRejected: [-1], chosenLengths: [1], rejectedLengths: [1] }),
      RangeError,
      /^policyChosen\[0\] must be at most 0/,
    ],
    [
      'orpo with two probabilities of 1',
      () => preference.orpoLoss({ policyChosen: [0], policyRejected: [0], chosenLengths: [1], rejectedLengths: [1] }),
      RangeError,
      /^pair 0/,
    ],
    ['groups of one, RLOO', () => rlooAdvantages([1, 2], 1), RangeError, /^groupSize/],
    ['groups of one, GRPO', () => grpoAdvantages([1, 2], 1), RangeError, /^groupSize/],
    ['rewards that do not fill their groups', () => rlooAdvantages([1, 2, 3], 2), RangeError, /^rewards/],
    ['rewards that are missing', () => grpoAdvantages([1, NaN], 2), RangeError, /^rewards\[1\]/],
    ['a preference that is not square', () => minimaxWinner([[0.5, 0.5]]), RangeError, /^preference must be square/],
    [
      'a preference whose sides do not add up',
      () =>
        minimaxWinner([
          [0.5, 0.7],
          [0.31, 0.5],
        ]),
      RangeError,
      /^preference\[1\]\[0\] \+ preference\[0\]\[1\] must be 1/,
    ],
    [
      'a diagonal other than 1/2',
      () =>
        minimaxWinner([
          [0.6, 0.7],
          [0.3, 0.5],
        ]),
      RangeError,
      /^preference\[0\]\[0\]/,
    ],
    [
      'wins that are not square',
      () => preference.fitBradleyTerry([[0, 1]]),
      RangeError,
      /^wins must be a square matrix/,
    ],
    [
      'wins below 0',
      () =>
        preference.fitBradleyTerry([
          [0, -1],
          [1, 0],
        ]),
      RangeError,
      /^wins\[0\]\[1\]/,
    ],
    [
      'items that never win',
      () =>
        preference.fitBradleyTerry([
          [0, 1, 1],
          [1, 0, 1],
          [0, 0, 0],
        ]),
      RangeError,
      /^wins has no maximum likelihood estimate: items \{2\} never beat the others; a penalty l2 > 0 gives one/,
    ],
    [
      'rankings that never mix',
      () => preference.fitPlackettLuce([[0, 1]], { items: 2 }),
      RangeError,
      /^rankings has no maximum likelihood estimate: items \{1\}/,
    ],
    [
      'steps below 0',
      () =>
        preference.trainTabularPolicy(
          { refLogits: [0, 0], pairs: [[0, 1]] },
          { loss: 'dpo', learningRate: 1, steps: -1 },
        ),
      RangeError,
      /^steps/,
    ],
    [
      'a learning rate of 0',
      () =>
        preference.trainTabularPolicy(
          { refLogits: [0, 0], pairs: [[0, 1]] },
          { loss: 'dpo', learningRate: 0, steps: 1 },
        ),
      RangeError,
      /^learningRate/,
    ],
    [
      'no rng',
      () =>
        preference.trainTabularPolicy(
          { refLogits: [0, 0], rewards: [0, 1] },
          { loss: 'dpo', learningRate: 1, steps: 1, sampling: { mode: 'offline' } },
        ),
      TypeError,
      /^rng is required/,
    ],
    [
      'a group of one',
      () =>
        preference.trainTabularPolicy(
          { refLogits: [0, 0], rewards: [0, 1] },
          { loss: 'dpo', learningRate: 1, steps: 1, sampling: { mode: 'offline', groupSize: 1 }, rng: () => 0 },
        ),
      RangeError,
      /^sampling.groupSize/,
    ],
    [
      'a loss nobody knows',
      () => preference.preferenceLoss('sigmoid' as never, one),
      RangeError,
      /^kind must be one of dpo, robustDpo, .*aot, convex, got sigmoid/,
    ],
    [
      'a tabular loss nobody knows',
      () =>
        preference.trainTabularPolicy(
          { refLogits: [0, 0], pairs: [[0, 1]] },
          { loss: 'sigmoid' as never, learningRate: 1, steps: 1 },
        ),
      RangeError,
      /^loss must be one of 'dpo', .*'exactPolicyGradient', got sigmoid/,
    ],
    [
      'smoothing where it has no effect',
      () => preference.ipoLoss({ ...one, chosenLengths: [1], rejectedLengths: [1] }, { labelSmoothing: 0.1 } as never),
      RangeError,
      /^labelSmoothing/,
    ],
    [
      'a label outside the vocabulary',
      () => preference.sequenceLogProbs({ logits: [0, 0], labels: [2], shape: [1, 1, 2] }, { shift: false }),
      RangeError,
      /^labels\[0\]/,
    ],
    [
      'a counted label of probability 0',
      () => preference.sequenceLogProbs({ logits: [0, -Infinity], labels: [1], shape: [1, 1, 2] }, { shift: false }),
      RangeError,
      /^labels\[0\]/,
    ],
    [
      'a function that gives NaN',
      () => preference.convexPairLoss(one, { f: () => NaN, df: () => 0 }),
      RangeError,
      /^f gave NaN/,
    ],
    [
      'a derivative that gives NaN',
      () => preference.convexPairLoss(one, { f: () => 0, df: () => NaN }),
      RangeError,
      /^df gave NaN/,
    ],
    [
      'two positions for one item',
      () => preference.plackettLuceNegLogLik([0, 0], [[0, 0]]),
      RangeError,
      /^rankings\[0\] holds item 0 twice/,
    ],
    [
      'an agreement above 1',
      () => preference.idealizedRankingAccuracy({ refChosen: [-1], refRejected: [-2], agreement: [1.1] }),
      RangeError,
      /^agreement\[0\]/,
    ],
    [
      'log1mExp above 0',
      () => preference.categoricalDivergence([0, 0], [1, 0], { kind: 'reverse' }),
      RangeError,
      /^target\[1\] must be positive/,
    ],
  ];
  it.each(cells)('%s', (_, call, type, message) => refused(call, type, message));

  it('one response of probability 0 is legal: DPO', () => {
    const low = preference.dpoLoss({ policyChosen: [-1], policyRejected: [-Infinity] }, { beta: 0.5 });
    expect([low.loss, low.gradChosen[0] + 0, low.gradRejected[0] + 0]).toEqual([0, 0, 0]);
    const high = preference.dpoLoss({ policyChosen: [-Infinity], policyRejected: [-1] }, { beta: 0.5 });
    expect([high.loss, high.gradChosen[0], high.gradRejected[0]]).toEqual([Infinity, -0.5, 0.5]);
    const smoothed = preference.dpoLoss(
      { policyChosen: [-Infinity], policyRejected: [-1] },
      { beta: 0.5, labelSmoothing: 0.2, reduction: 'none' },
    );
    expect([smoothed.losses[0], smoothed.gradChosen[0]]).toEqual([Infinity, -0.5 * 0.8]);
  });

  it('terms of coefficient 0 are 0 where their factor is infinite: EXO', () => {
    const { losses, gradChosen } = preference.exoPairLoss(
      { policyChosen: [-1], policyRejected: [-Infinity] },
      { labelSmoothing: 0.1 },
    );
    expect(losses[0]).toBeCloseTo(-Math.log(0.9), 14);
    expect(gradChosen[0] + 0).toBe(0);
  });
});
