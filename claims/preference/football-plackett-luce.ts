import { fitDavidson, fitPlackettLuce, plackettLuceNegLogLik } from 'lemmata/preference';
import { createRng, samplePermutation } from 'lemmata/random';
import { spearman } from 'lemmata/stats';
import type { Claim } from '../claim.js';
import { footballDivisions, SEASONS, seasonTable } from './football.js';

/** Prior variance 1 of a score; without a prior teams that were only ever last have no estimate. Fixed before the run. */
const PENALTY = 1;

export const claim: Claim = {
  id: 'football-plackett-luce',
  seed: 'The analysis of permutations',
  reference: 'doi:10.2307/2346567',
  statement:
    'A Plackett-Luce model of three season tables ranks the teams of the fourth season: its likelihood of the true table is beyond that of random tables, and its strengths agree with those from single matches.',
  source: 'R. L. Plackett, J. R. Statist. Soc. C 24 (1975); D. R. Hunter, Ann. Statist. 32 (2004)',
  expected:
    'tables of five divisions by points, teams promoted in the last season left out of it; verdict: the summed log-likelihood of the five true tables above that of every one of 10,000 sets of random orders, above that of the uniform law in each division, and rank correlation with the Davidson strengths of the same three seasons above 0.7 in each',
  listed: 'not reproduced',
  run({ seed, onProgress }) {
    const rng = createRng(seed, 'tables');
    const draws = 10_000;
    const random = new Float64Array(draws);
    let truth = 0;
    let holds = true;
    const cells: string[] = [];
    const points: { x: number; y: number; series: string }[] = [];
    const divisions = footballDivisions();
    divisions.forEach(({ name, teams, matches }, k) => {
      const tables = SEASONS.map((season) => seasonTable(matches.filter((match) => match.season === season)));
      const past = tables.slice(0, 3);
      const fit = fitPlackettLuce(past, { items: teams.length, l2: PENALTY });
      const known = new Set(past.flat());
      const last = tables[3].filter((team) => known.has(team));
      const logLik = (ranking: ArrayLike<number>) => -plackettLuceNegLogLik(fit.scores, [ranking]).loss;
      const own = logLik(last);
      let uniform = 0;
      for (let n = 2; n <= last.length; n++) uniform -= Math.log(n);
      truth += own;
      for (let draw = 0; draw < draws; draw++) {
        random[draw] += logLik(samplePermutation(last.length, rng).map((place) => last[place]));
      }
      const before = matches.filter(({ season }) => season < 2016);
      const davidson = fitDavidson(before, { items: teams.length, l2: 2 });
      const list = [...known];
      const agreement = spearman(
        list.map((team) => fit.scores[team]),
        list.map((team) => davidson.scores[team]),
      );
      for (const team of list) points.push({ x: davidson.scores[team], y: fit.scores[team], series: name });
      holds &&= fit.converged && own > uniform && agreement > 0.7;
      const best = fit.scores.indexOf(Math.max(...fit.scores));
      cells.push(
        `${name}: ${(own - uniform).toFixed(1)} nats above uniform over ${last.length} teams, ${teams[best]} ${fit.scores[best].toFixed(2)} ± ${fit.standardErrors[best].toFixed(2)}, correlation ${agreement.toFixed(2)}`,
      );
      onProgress((k + 1) / divisions.length);
    });
    const beaten = random.filter((value) => value < truth).length;
    return {
      measured: `above ${beaten} of ${draws} sets of random tables; ${cells.join('; ')}`,
      note: 'Holds over the five divisions together and in four of them. In the Deutsche Bundesliga the table of 2016/17 is less likely under the model than under the uniform law: teams of its upper half had fallen to the bottom. A ranking of a whole season is one observation; the matches behind it say more (football-davidson).',
      verdict: holds && beaten === draws ? 'reproduced' : 'not reproduced',
      figure: {
        title: 'Strengths from three tables against strengths from their matches',
        x: { label: 'Davidson score' },
        y: { label: 'Plackett-Luce score' },
        marks: [{ kind: 'dot', points }],
      },
    };
  },
};
