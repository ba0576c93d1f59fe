import { eloFromBradleyTerry, fitDavidson, matchProbabilities } from 'lemmata/preference';
import type { Claim } from '../claim.js';
import { footballDivisions, SEASONS } from './football.js';

/** Prior variance 1/2 of a score: a team one deviation above another wins two decided matches of three. Fixed before the run. */
const PENALTY = 2;

export const claim: Claim = {
  id: 'football-davidson',
  seed: 'Paired comparisons with ties and order effects',
  reference: 'doi:10.2307/2529778',
  statement:
    'On 6,508 real football matches the model of Bradley and Terry with ties and home advantage predicts the second half of a season from the first better than the rates of home wins, ties and away wins.',
  source: 'R. R. Davidson, R. J. Beaver, Biometrics 33 (1977); R. R. Davidson, JASA 65 (1970)',
  expected:
    'fitted per division and season on the matches before 1 January with penalty l2 = 2, judged by the log-likelihood of the later ones against the outcome rates of the same training matches; verdict: mean gain per match above 0 by 5 standard errors over all matches and above 0 in each division, and home advantage of all matches of a division above 0 by 5 standard errors in each',
  headline: true,
  run({ onProgress }) {
    const divisions = footballDivisions();
    const bars: { x: string; y: number; series: string }[] = [];
    const strengths: { x: string; y: number; series: string }[] = [];
    const gains: number[] = [];
    const cells: string[] = [];
    let holds = true;
    divisions.forEach(({ name, teams, matches }, k) => {
      const own: number[] = [];
      let [model, base] = [0, 0];
      for (const season of SEASONS) {
        const inSeason = matches.filter((match) => match.season === season);
        const early = inSeason.filter(({ date }) => date < `${season + 1}-01-01`);
        const late = inSeason.filter(({ date }) => date >= `${season + 1}-01-01`);
        const fit = fitDavidson(early, { items: teams.length, l2: PENALTY });
        const rate = (wanted: number) => early.filter(({ outcome }) => outcome === wanted).length / early.length;
        const rates = { first: rate(1), tie: rate(0.5), second: rate(0) };
        for (const { first, second, outcome } of late) {
          const side = outcome === 1 ? 'first' : outcome === 0 ? 'second' : 'tie';
          const ours = Math.log(matchProbabilities(fit, first, second)[side]);
          const theirs = Math.log(rates[side]);
          own.push(ours - theirs);
          model += ours;
          base += theirs;
        }
      }
      gains.push(...own);
      const mean = own.reduce((a, b) => a + b, 0) / own.length;
      // strengths over all four seasons, with their errors
      const whole = fitDavidson(matches, { items: teams.length, l2: PENALTY });
      const home = whole.advantage / whole.advantageError;
      holds &&= whole.converged && mean > 0 && home > 5;
      bars.push(
        { x: name, y: model / own.length, series: 'Davidson' },
        { x: name, y: base / own.length, series: 'base rate' },
      );
      const best = whole.scores.indexOf(Math.max(...whole.scores));
      const elo = eloFromBradleyTerry(whole.scores);
      strengths.push({ x: teams[best], y: elo[best], series: name });
      cells.push(
        `${name}: ${mean.toFixed(3)} nats a match, home ${whole.advantage.toFixed(2)} ± ${whole.advantageError.toFixed(2)}, ${teams[best]} ${whole.scores[best].toFixed(2)} ± ${whole.standardErrors[best].toFixed(2)}`,
      );
      onProgress((k + 1) / divisions.length);
    });
    const mean = gains.reduce((a, b) => a + b, 0) / gains.length;
    const variance = gains.reduce((total, x) => total + (x - mean) * (x - mean), 0) / (gains.length - 1);
    const error = Math.sqrt(variance / gains.length);
    return {
      measured: `gain ${mean.toFixed(4)} nats a match over ${gains.length} held-out matches (${(mean / error).toFixed(1)} errors); ${cells.join('; ')}`,
      standardError: error,
      verdict: holds && mean > 5 * error ? 'reproduced' : 'not reproduced',
      note: 'Scores are log-strengths of sum 0 over the teams of four seasons; errors are those of the penalized likelihood.',
      figure: [
        {
          title: 'Held-out log-likelihood of a match',
          x: { label: 'division', type: 'band' },
          y: { label: 'nats' },
          marks: [{ kind: 'dot', points: bars }],
        },
        {
          title: 'Strongest team of each division on Elo’s scale',
          x: { label: 'team', type: 'band' },
          y: { label: 'rating' },
          marks: [{ kind: 'dot', points: strengths }],
        },
      ],
    };
  },
};
