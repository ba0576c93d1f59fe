import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bradleyTerryLoss,
  dpoLoss,
  eloFromBradleyTerry,
  fitBradleyTerry,
  fitDavidson,
  fitLuceChoice,
  fitPlackettLuce,
  matchProbabilities,
  plackettLuceNegLogLik,
  rankingFromScores,
  rewardBenchAccuracy,
  winProbability,
  type Match,
} from '../../../src/preference/index.js';

const logistic = (x: number) => 1 / (1 + Math.exp(-x));

/** Counts above 0 off the diagonal: their graph of wins is complete. */
const winMatrices = (min = 2, max = 6) =>
  fc
    .integer({ min, max })
    .chain((n) =>
      fc.array(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: n, maxLength: n }), {
        minLength: n,
        maxLength: n,
      }),
    )
    .map((rows) => rows.map((row, i) => row.map((x, j) => (i === j ? 0 : x))));

const closeTo = (a: ArrayLike<number>, b: ArrayLike<number>, tolerance: number) => {
  expect(a.length).toBe(b.length);
  for (let i = 0; i < a.length; i++) expect(Math.abs(a[i] - b[i])).toBeLessThanOrEqual(tolerance);
};

describe('fitBradleyTerry', () => {
  it('of two items is the logit of the share of wins, with the binomial standard error', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999 }), fc.integer({ min: 1, max: 999 }), (a, b) => {
        const { scores, covariance, standardErrors, negLogLik, status } = fitBradleyTerry([
          [0, a],
          [b, 0],
        ]);
        expect(status).toBe('converged');
        expect(Math.abs(scores[0] - scores[1] - Math.log(a / b))).toBeLessThan(1e-10);
        const p = a / (a + b);
        const variance = covariance[0] + covariance[3] - 2 * covariance[1];
        expect(variance * (a + b) * p * (1 - p)).toBeCloseTo(1, 9);
        expect(standardErrors[0]).toBeCloseTo(Math.sqrt(variance) / 2, 12);
        expect(negLogLik).toBeCloseTo(-a * Math.log(p) - b * Math.log(1 - p), 8);
      }),
    );
  });

  it('every item wins as often as the model expects: the likelihood equations', () => {
    fc.assert(
      fc.property(winMatrices(), fc.constantFrom('newton' as const, 'mm' as const), (wins, method) => {
        const { scores, converged } = fitBradleyTerry(wins, { method });
        expect(converged).toBe(true);
        expect(Math.abs(scores.reduce((a, b) => a + b))).toBeLessThan(1e-12);
        wins.forEach((row, i) => {
          const expected = row.reduce((sum, w, j) => sum + (w + wins[j][i]) * logistic(scores[i] - scores[j]), 0);
          const won = row.reduce((a, b) => a + b);
          expect(Math.abs(expected - won)).toBeLessThan(1e-8 * (1 + won));
        });
      }),
      { numRuns: 40 },
    );
  });

  it('Newton and minorization agree; each step of the latter lowers the loss; relabelling relabels', () => {
    fc.assert(
      fc.property(winMatrices(), (wins) => {
        const newton = fitBradleyTerry(wins);
        const mm = fitBradleyTerry(wins, { method: 'mm' });
        closeTo(newton.scores, mm.scores, 1e-8);
        closeTo(newton.standardErrors, mm.standardErrors, 1e-8);
        let before = Infinity;
        for (const maxIterations of [1, 2, 3, 5, 9]) {
          const { negLogLik } = fitBradleyTerry(wins, { method: 'mm', maxIterations, tolerance: 1e-300 });
          expect(negLogLik).toBeLessThanOrEqual(before + 1e-12 * Math.abs(negLogLik));
          before = negLogLik;
        }
        expect(newton.negLogLik).toBeLessThanOrEqual(before + 1e-9);
        const turned = wins.map((row) => row.slice().reverse()).reverse();
        closeTo(fitBradleyTerry(turned).scores, newton.scores.slice().reverse(), 1e-10);
      }),
      { numRuns: 40 },
    );
  });

  it('is Plackett-Luce on rankings of two, and Luce choice from sets of two', () => {
    fc.assert(
      fc.property(winMatrices(2, 5), (wins) => {
        const items = wins.length;
        const rankings: number[][] = [];
        wins.forEach((row, i) => row.forEach((w, j) => rankings.push(...Array.from({ length: w }, () => [i, j]))));
        const fit = fitBradleyTerry(wins);
        const luce = fitPlackettLuce(rankings, { items });
        closeTo(luce.scores, fit.scores, 1e-10);
        closeTo(luce.standardErrors, fit.standardErrors, 1e-10);
        expect(luce.negLogLik).toBeCloseTo(fit.negLogLik, 8);
        const list = rankings.map(([winner, loser]) => [winner, loser] as const);
        closeTo(fitBradleyTerry(list, { items }).scores, fit.scores, 1e-12);
        const choices = wins
          .flatMap((row, i) => row.map((weight, j) => ({ winner: i, set: [i, j], weight })))
          .filter((c) => c.weight > 0);
        closeTo(fitLuceChoice(choices, { items }).scores, fit.scores, 1e-10);
      }),
      { numRuns: 25 },
    );
  });

  it('Thurstone: shares of two items are Φ of the gap; far tails stay finite', () => {
    const { scores } = fitBradleyTerry(
      [
        [0, 975],
        [25, 0],
      ],
      { link: 'probit' },
    );
    expect(scores[0] - scores[1]).toBeCloseTo(1.959963984540054, 10);
    expect(winProbability(scores[0], scores[1], { link: 'probit' })).toBeCloseTo(0.975, 12);
    const extreme = fitBradleyTerry(
      [
        [0, 1e12],
        [1, 0],
      ],
      { link: 'probit' },
    );
    expect(extreme.converged).toBe(true);
    expect(extreme.scores[0] - extreme.scores[1]).toBeCloseTo(7.034483825300131, 6); // quantile of 1 - 1e-12
  });

  it('a matrix of half wins for ties is the same as the list of half weights', () => {
    const list = [
      [0, 1],
      [1, 2],
      [2, 0],
      [0, 2, 0.5],
      [2, 0, 0.5],
    ] as const;
    closeTo(
      fitBradleyTerry(list, { items: 3 }).scores,
      fitBradleyTerry([
        [0, 1, 0.5],
        [0, 0, 1],
        [1.5, 0, 0],
      ]).scores,
      1e-14,
    );
  });

  it('without a maximum it names the items that never win, unless there is a penalty', () => {
    const wins = [
      [0, 3, 2, 1],
      [1, 0, 5, 1],
      [0, 0, 0, 2],
      [0, 0, 1, 0],
    ];
    expect(() => fitBradleyTerry(wins)).toThrow(
      /^wins has no maximum .* items \{2, 3\} never beat the others; a penalty l2/,
    );
    expect(() =>
      fitBradleyTerry([
        [0, 1],
        [0, 0],
      ]),
    ).toThrow('items {1} never');
    const fit = fitBradleyTerry(wins, { l2: 0.1 });
    expect(fit.converged).toBe(true);
    // the penalized likelihood equations
    wins.forEach((row, i) => {
      const slope = row.reduce(
        (sum, w, j) =>
          sum + wins[j][i] * logistic(fit.scores[i] - fit.scores[j]) - w * logistic(fit.scores[j] - fit.scores[i]),
        0,
      );
      expect(slope + 0.1 * fit.scores[i]).toBeCloseTo(0, 10);
    });
    expect(fitBradleyTerry([[0]]).scores).toEqual(Float64Array.of(0));
  });

  it.each<[string, () => unknown, RegExp]>([
    ['a matrix that is not square', () => fitBradleyTerry([[0, 1]]), /^wins must be a square/],
    [
      'a negative count',
      () =>
        fitBradleyTerry([
          [0, -1],
          [1, 0],
        ]),
      /^wins\[0\]\[1\]/,
    ],
    ['an item out of range', () => fitBradleyTerry([[0, 5]], { items: 2 }), /^wins\[0\]\[1\]/],
    ['an item against itself', () => fitBradleyTerry([[1, 1]], { items: 2 }), /^wins\[0\] compares/],
    [
      'mm with a penalty',
      () =>
        fitBradleyTerry(
          [
            [0, 1],
            [1, 0],
          ],
          { method: 'mm', l2: 1 },
        ),
      /^method 'mm'/,
    ],
    [
      'an unknown link',
      () =>
        fitBradleyTerry(
          [
            [0, 1],
            [1, 0],
          ],
          { link: 'cauchit' as never },
        ),
      /^link/,
    ],
    [
      'l2 below 0',
      () =>
        fitBradleyTerry(
          [
            [0, 1],
            [1, 0],
          ],
          { l2: -1 },
        ),
      /^l2/,
    ],
  ])('refuses %s', (_, call, message) => expect(call).toThrow(message));
});

describe('fitDavidson', () => {
  const leagues = fc
    .record({
      n: fc.integer({ min: 2, max: 5 }),
      outcomes: fc.array(fc.constantFrom(0, 0.5, 1), { minLength: 20, maxLength: 20 }),
    })
    .map(({ n, outcomes }) => {
      // a full double round, then as drawn; one result each way keeps the graph connected
      const matches: Match[] = [];
      for (let first = 0; first < n; first++) {
        for (let second = 0; second < n; second++) {
          if (first === second) continue;
          matches.push({ first, second, outcome: 1 }, { first, second, outcome: 0 });
          matches.push({ first, second, outcome: outcomes[matches.length % 20] });
        }
      }
      matches.push({ first: 0, second: 1, outcome: 0.5 });
      return { n, matches };
    });

  it('expects as many ties, wins of the first side and points of each item as there were', () => {
    fc.assert(
      fc.property(leagues, ({ n, matches }) => {
        const fit = fitDavidson(matches, { items: n });
        expect(fit.status).toBe('converged');
        let ties = 0;
        let lead = 0;
        const points = new Float64Array(n);
        for (const { first, second, outcome } of matches) {
          const p = matchProbabilities(fit, first, second);
          expect(p.first + p.tie + p.second).toBeCloseTo(1, 14);
          expect(p.tie * p.tie).toBeCloseTo(Math.exp(2 * fit.tie) * p.first * p.second, 12);
          ties += p.tie - (outcome === 0.5 ? 1 : 0);
          lead += p.first - p.second - (2 * outcome - 1);
          points[first] += p.first + p.tie / 2 - outcome;
          points[second] += p.second + p.tie / 2 - (1 - outcome);
        }
        expect(Math.abs(ties)).toBeLessThan(1e-9);
        expect(Math.abs(lead)).toBeLessThan(1e-9);
        closeTo(points, new Float64Array(n), 1e-9);
      }),
      { numRuns: 40 },
    );
  });

  it('without ties and advantage is Bradley-Terry; its errors too', () => {
    fc.assert(
      fc.property(winMatrices(2, 5), (wins) => {
        const matches = wins.flatMap((row, i) =>
          row.map((weight, j) => ({ first: i, second: j, outcome: 1, weight })).filter(({ weight }) => weight > 0),
        );
        const fit = fitDavidson(matches, { items: wins.length, advantage: false });
        const plain = fitBradleyTerry(wins);
        closeTo(fit.scores, plain.scores, 1e-10);
        closeTo(fit.covariance, plain.covariance, 1e-10);
        expect(fit.negLogLik).toBeCloseTo(plain.negLogLik, 8);
        expect([fit.tie, fit.advantage, fit.tieError, fit.advantageError]).toEqual([-Infinity, 0, 0, 0]);
      }),
      { numRuns: 25 },
    );
  });

  it('two equal items at home and away: advantage and ties in closed form', () => {
    // 5 wins of the first side, 3 ties, 2 of the second, whoever is first
    const matches = [0, 1].flatMap((first) => [
      { first, second: 1 - first, outcome: 1, weight: 5 },
      { first, second: 1 - first, outcome: 0.5, weight: 3 },
      { first, second: 1 - first, outcome: 0, weight: 2 },
    ]);
    const fit = fitDavidson(matches, { items: 2 });
    expect(fit.advantage).toBeCloseTo(Math.log(5 / 2), 10);
    expect(fit.tie).toBeCloseTo(Math.log(3 / Math.sqrt(10)), 10);
    expect(Math.abs(fit.scores[0])).toBeLessThan(1e-12);
    // the delta method on multinomial counts: var ln(5/2) = 1/5 + 1/2 over two such tables
    expect(fit.advantageError).toBeCloseTo(Math.sqrt((1 / 5 + 1 / 2) / 2), 8);
    expect(fit.tieError).toBeCloseTo(Math.sqrt((1 / 3 + 1 / 20 + 1 / 8) / 2), 8);
    const neutral = matchProbabilities(fit, 0, 1, { neutral: true });
    expect(neutral.first).toBeCloseTo(neutral.second, 12);
  });

  it('a neutral match says nothing about the advantage; a weight is a repetition', () => {
    const base: Match[] = [
      { first: 0, second: 1, outcome: 1 },
      { first: 1, second: 0, outcome: 1 },
      { first: 0, second: 1, outcome: 0 },
      { first: 1, second: 0, outcome: 0.5 },
    ];
    const neutral = base.map((match) => ({ ...match, neutral: true }));
    expect(fitDavidson(neutral, { items: 2 }).advantage).toBe(0);
    const repeated = fitDavidson([...base, base[0], base[0]], { items: 2 });
    const weighed = fitDavidson([{ ...base[0], weight: 3 }, ...base.slice(1)], { items: 2 });
    closeTo(repeated.scores, weighed.scores, 1e-12);
    expect(repeated.tie).toBeCloseTo(weighed.tie, 12);
  });

  it('says that an advantage which always wins has no estimate', () => {
    const always = [0, 1, 2].flatMap((first) =>
      [0, 1, 2].filter((second) => second !== first).map((second) => ({ first, second, outcome: 1 })),
    );
    expect(fitDavidson(always, { items: 3 }).status).not.toBe('converged');
  });

  it.each<[string, Match[], RegExp]>([
    ['an outcome of 2', [{ first: 0, second: 1, outcome: 2 }], /^matches\[0\]\.outcome must be 0, 0\.5 or 1, got 2/],
    ['a match with itself', [{ first: 1, second: 1, outcome: 1 }], /^matches\[0\]\.second/],
    ['ties alone', [{ first: 0, second: 1, outcome: 0.5 }], /^matches must not all be ties/],
    ['an item that never wins or ties', [{ first: 0, second: 1, outcome: 1 }], /^matches has no maximum.*\{1\}/],
    ['a negative weight', [{ first: 0, second: 1, outcome: 1, weight: -1 }], /^matches\[0\]\.weight/],
  ])('refuses %s', (_, matches, message) => expect(() => fitDavidson(matches, { items: 2 })).toThrow(message));
});

describe('Plackett-Luce', () => {
  const cases = fc.integer({ min: 2, max: 5 }).chain((n) =>
    fc.record({
      n: fc.constant(n),
      scores: fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: n, maxLength: n }),
      rankings: fc.array(
        fc
          .tuple(
            fc.shuffledSubarray(
              Array.from({ length: n }, (_, i) => i),
              { minLength: 1, maxLength: n },
            ),
          )
          .map(([r]) => r),
        { minLength: 1, maxLength: 6 },
      ),
    }),
  );

  it('is the product of choice probabilities, with the gradient that central differences find', () => {
    fc.assert(
      fc.property(cases, ({ scores, rankings }) => {
        let logLik = 0;
        for (const ranking of rankings) {
          for (let k = 0; k < ranking.length - 1; k++) {
            const rest = ranking.slice(k).reduce((sum, i) => sum + Math.exp(scores[i]), 0);
            logLik += scores[ranking[k]] - Math.log(rest);
          }
        }
        const { loss, grad } = plackettLuceNegLogLik(scores, rankings);
        expect(Math.abs(loss + logLik)).toBeLessThan(1e-11);
        scores.forEach((_, i) => {
          const at = (step: number) =>
            plackettLuceNegLogLik(
              scores.map((s, j) => (i === j ? s + step : s)),
              rankings,
            ).loss;
          expect(Math.abs((at(1e-5) - at(-1e-5)) / 2e-5 - grad[i])).toBeLessThan(1e-7);
        });
      }),
    );
    expect(plackettLuceNegLogLik([1e6, 0, -1e6], [[2, 1, 0]]).loss).toBe(3e6);
  });

  it('probabilities of all rankings add up to 1', () => {
    const scores = [0.3, -1.2, 0.8, 0];
    const permutations = (rest: number[]): number[][] =>
      rest.length === 0 ? [[]] : rest.flatMap((i) => permutations(rest.filter((j) => j !== i)).map((p) => [i, ...p]));
    const total = permutations([0, 1, 2, 3]).reduce(
      (sum, r) => sum + Math.exp(-plackettLuceNegLogLik(scores, [r]).loss),
      0,
    );
    expect(total).toBeCloseTo(1, 14);
  });

  it('the fit has gradient 0, both methods agree, and errors come from the Hessian', () => {
    fc.assert(
      fc.property(cases, ({ n, rankings: drawn }) => {
        // a ranking and its reverse make the graph complete
        const all = Array.from({ length: n }, (_, i) => i);
        const rankings = [...drawn, all, all.slice().reverse()];
        const fit = fitPlackettLuce(rankings, { items: n });
        expect(fit.status).toBe('converged');
        expect(Math.max(...plackettLuceNegLogLik(fit.scores, rankings).grad.map(Math.abs))).toBeLessThan(1e-9);
        expect(fit.negLogLik).toBeCloseTo(plackettLuceNegLogLik(fit.scores, rankings).loss, 10);
        const mm = fitPlackettLuce(rankings, { items: n, method: 'mm' });
        closeTo(mm.scores, fit.scores, 1e-8);
        closeTo(mm.covariance, fit.covariance, 1e-8);
        // H C H = H for the numerical Hessian H
        const h = 1e-5;
        const slope = (j: number, step: number) =>
          plackettLuceNegLogLik(
            fit.scores.map((s, i) => (i === j ? s + step : s)),
            rankings,
          ).grad;
        const H = all.map((j) => slope(j, h).map((g, i) => (g - slope(j, -h)[i]) / (2 * h)));
        for (const i of all) {
          for (const j of all) {
            let product = 0;
            for (const k of all) for (const l of all) product += H[i][k] * fit.covariance[k * n + l] * H[l][j];
            expect(Math.abs(product - H[i][j])).toBeLessThan(1e-6);
          }
        }
      }),
      { numRuns: 25 },
    );
  });

  it('top choices from sets of any size', () => {
    const sets = [
      { winner: 0, set: [0, 1, 2], weight: 5 },
      { winner: 1, set: [0, 1, 2], weight: 3 },
      { winner: 2, set: [2, 1, 0], weight: 2 },
    ];
    const { scores } = fitLuceChoice(sets, { items: 3 });
    const odds = Array.from(scores, Math.exp);
    closeTo(
      odds.map((x) => x / odds.reduce((a, b) => a + b)),
      [0.5, 0.3, 0.2],
      1e-12,
    );
    closeTo(fitLuceChoice(sets, { items: 3, method: 'mm' }).scores, scores, 1e-9);
  });

  it.each<[string, () => unknown, RegExp]>([
    [
      'an item twice in a ranking',
      () => fitPlackettLuce([[0, 1, 0]], { items: 2 }),
      /^rankings\[0\] holds item 0 twice/,
    ],
    ['an item out of range', () => plackettLuceNegLogLik([0], [[1]]), /^rankings\[0\]\[0\]/],
    [
      'a winner outside its set',
      () => fitLuceChoice([{ winner: 2, set: [0, 1] }], { items: 3 }),
      /^choices\[0\]\.winner/,
    ],
    [
      'an item never on top of the rest',
      () =>
        fitPlackettLuce(
          [
            [0, 1, 2],
            [1, 0, 2],
          ],
          { items: 3 },
        ),
      /^rankings has no maximum.*\{2\}/,
    ],
    ['mm with a penalty', () => fitPlackettLuce([[0, 1]], { items: 2, l2: 1, method: 'mm' }), /^method 'mm'/],
    ['a score that is not finite', () => plackettLuceNegLogLik([NaN], [[0]]), /^scores\[0\]/],
  ])('refuses %s', (_, call, message) => expect(call).toThrow(message));
});

describe('the reward model loss', () => {
  it('is the logistic loss of the reward gap, as DPO with β 1 is of the log-ratio gap', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.double({ min: -50, max: 50, noNaN: true }), fc.double({ min: -50, max: 50, noNaN: true })),
          {
            minLength: 1,
            maxLength: 6,
          },
        ),
        (rewards) => {
          const chosen = rewards.map((r) => r[0]);
          const rejected = rewards.map((r) => r[1]);
          const { loss, gradChosen, losses } = bradleyTerryLoss({ chosen, rejected });
          const dpo = dpoLoss({ policyChosen: chosen, policyRejected: rejected }, { beta: 1 });
          expect(Math.abs((loss as number) - (dpo.loss as number))).toBeLessThan(1e-13 * (1 + (loss as number)));
          closeTo(gradChosen, dpo.gradChosen, 1e-15);
          const margins = chosen.map(() => 1.5);
          const options = { centerCoef: 0.01, reduction: 'sum' } as const;
          const full = bradleyTerryLoss({ chosen, rejected, margins }, options);
          const at = (step: number) =>
            bradleyTerryLoss({ chosen: chosen.map((c, i) => (i === 0 ? c + step : c)), rejected, margins }, options)
              .losses[0];
          expect(Math.abs((at(1e-5) - at(-1e-5)) / 2e-5 - full.gradChosen[0])).toBeLessThan(1e-6);
          expect(bradleyTerryLoss({ chosen, rejected }, { reduction: 'none' }).losses).toEqual(losses);
          const out = bradleyTerryLoss({ chosen: rejected, rejected: chosen });
          expect(bradleyTerryLoss({ chosen, rejected }, {}, out)).toBe(out);
          expect(out.loss).toBe(loss);
        },
      ),
    );
    expect(bradleyTerryLoss({ chosen: [-1e6], rejected: [1e6] }).loss).toBe(2e6);
    expect(() => bradleyTerryLoss({ chosen: [Infinity], rejected: [0] })).toThrow(/^chosen\[0\]/);
    expect(() => bradleyTerryLoss({ chosen: [1], rejected: [] })).toThrow(/^rejected must have length 1/);
    expect(() => bradleyTerryLoss({ chosen: [], rejected: [] })).toThrow(/^chosen must not be empty/);
  });
  it('accuracy is strict; a tie may count half', () => {
    const pairs = { chosen: [1, 1, 0], rejected: [0, 1, 1] };
    expect(bradleyTerryLoss(pairs).accuracy).toBeCloseTo(1 / 3, 15);
    expect([rewardBenchAccuracy(pairs), rewardBenchAccuracy(pairs, { ties: 0.5 })]).toEqual([1 / 3, 0.5]);
    expect(() => rewardBenchAccuracy(pairs, { ties: 1 as never })).toThrow(/^ties/);
  });
});

it('scales: odds of 10 are 400 Elo points; the ranking is stable', () => {
  const [a, b] = eloFromBradleyTerry([Math.log(10), 0]);
  expect(a - b).toBeCloseTo(400, 10);
  expect(winProbability(Math.log(3), 0)).toBeCloseTo(0.75, 15);
  expect(Array.from(rankingFromScores([1, 3, 1, 3]))).toEqual([1, 3, 0, 2]);
  expect(() => rankingFromScores([NaN])).toThrow(/^scores\[0\]/);
  expect(() => winProbability(NaN, 0)).toThrow(/^scoreI/);
  expect(() => matchProbabilities({ scores: [0, 0], advantage: NaN, tie: 0 }, 0, 1)).toThrow(/^(advantage|scores|tie)/);
});
