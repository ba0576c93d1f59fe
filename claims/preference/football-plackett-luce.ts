import { fitDavidson, fitPlackettLuce, plackettLuceNegLogLik } from 'lemmata/preference';
import { createRng, samplePermutation } from 'lemmata/random';
import { spearman } from 'lemmata/stats';
import type { Claim } from '../claim.js';
import { footballDivisions, SEASONS, seasonTable } from './football.js';
import { summary } from './summary.js';

/** Prior variance 1 of a score; without a prior teams that were only ever last have no estimate. Fixed before the run. */
const PENALTY = 1;

export const claim: Claim = {
  id: 'football-plackett-luce',
  seed: 'The analysis of permutations',
  reference: 'doi:10.2307/2346567',
  statement:
    'A Plackett-Luce model of the season tables so far predicts the next table better than the base rate, by which every order is as likely, and its strengths agree with those from single matches.',
  source: 'R. L. Plackett, J. R. Statist. Soc. C 24 (1975); D. R. Hunter, Ann. Statist. 32 (2004)',
  expected:
    'tables of five divisions by points; the second to fourth of four seasons each predicted from those before it, newly promoted teams left out: 15 held-out tables; verdict: mean gain in log-likelihood per table over the uniform law above 0 by 3 standard errors, their sum above that of every one of 10,000 sets of random orders, and in each division rank correlation above 0.7 of the strengths from three tables with the Davidson strengths of their matches',
  run({ seed, onProgress }) {
    const rng = createRng(seed, 'tables');
    const draws = 10_000;
    const random = new Float64Array(draws);
    const gains: number[] = [];
    let holds = true;
    const cells: string[] = [];
    const points: { x: number; y: number; series: string }[] = [];
    const divisions = footballDivisions();
    divisions.forEach(({ name, teams, matches }, k) => {
      const tables = SEASONS.map((season) => seasonTable(matches.filter((match) => match.season === season)));
      const own: number[] = [];
      for (let next = 1; next < SEASONS.length; next++) {
        const past = tables.slice(0, next);
        const fit = fitPlackettLuce(past, { items: teams.length, l2: PENALTY });
        const known = new Set(past.flat());
        const table = tables[next].filter((team) => known.has(team));
        const logLik = (ranking: ArrayLike<number>) => -plackettLuceNegLogLik(fit.scores, [ranking]).loss;
        let uniform = 0;
        for (let n = 2; n <= table.length; n++) uniform -= Math.log(n);
        own.push(logLik(table) - uniform);
        for (let draw = 0; draw < draws; draw++) {
          random[draw] += logLik(samplePermutation(table.length, rng).map((place) => table[place])) - uniform;
        }
        holds &&= fit.converged;
        if (next + 1 < SEASONS.length) continue;
        const before = matches.filter(({ season }) => season < SEASONS[next]);
        const davidson = fitDavidson(before, { items: teams.length, l2: 2 });
        const list = [...known];
        const agreement = spearman(
          list.map((team) => fit.scores[team]),
          list.map((team) => davidson.scores[team]),
        );
        for (const team of list) points.push({ x: davidson.scores[team], y: fit.scores[team], series: name });
        holds &&= agreement > 0.7;
        const best = fit.scores.indexOf(Math.max(...fit.scores));
        cells.push(
          `${name}: ${own.map((x) => x.toFixed(1)).join(', ')} nats a table, ${teams[best]} ${fit.scores[best].toFixed(2)} ± ${fit.standardErrors[best].toFixed(2)}, correlation ${agreement.toFixed(2)}`,
        );
      }
      gains.push(...own);
      onProgress((k + 1) / divisions.length);
    });
    const { mean, error } = summary(gains);
    const truth = gains.reduce((a, b) => a + b, 0);
    const beaten = random.filter((value) => value < truth).length;
    return {
      measured: `gain over the uniform law ${mean.toFixed(2)} ± ${error.toFixed(2)} nats a table, above ${beaten} of ${draws} sets of random tables; ${cells.join('; ')}`,
      standardError: error,
      note: 'A ranking of a whole season is one observation, so one table may fall below the uniform law, as that of the Deutsche Bundesliga of 2016/17 does: teams of its upper half had fallen to the bottom. The matches behind the tables say more (football-davidson).',
      verdict: holds && mean > 3 * error && beaten === draws ? 'reproduced' : 'not reproduced',
      figure: {
        title: 'Strengths from three tables against strengths from their matches',
        x: { label: 'Davidson score' },
        y: { label: 'Plackett-Luce score' },
        marks: [{ kind: 'dot', points }],
      },
    };
  },
};
