// 6,508 league matches of vega-datasets' football.json (five divisions, four seasons from 2013), read from the package.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Match } from 'lemmata/preference';

export interface LeagueMatch extends Match {
  date: string;
  /** 2013 for the season 2013/14. */
  season: number;
  homeGoals: number;
  awayGoals: number;
}

export interface Division {
  name: string;
  teams: string[];
  /** In order of date; the first side is at home. */
  matches: LeagueMatch[];
}

interface Row {
  date: string;
  division: string;
  home_team: string;
  away_team: string;
  home_score: number;
  away_score: number;
}

/** Seasons begin in July. */
export function footballDivisions(): Division[] {
  const root = pathToFileURL(createRequire(import.meta.url).resolve('vega-datasets'));
  const rows = JSON.parse(readFileSync(new URL('../data/football.json', root), 'utf8')) as Row[];
  const divisions = new Map<string, Division>();
  for (const row of rows.slice().sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0))) {
    const division = divisions.get(row.division) ?? { name: row.division, teams: [], matches: [] };
    divisions.set(row.division, division);
    const indexOf = (team: string): number => {
      if (!division.teams.includes(team)) division.teams.push(team);
      return division.teams.indexOf(team);
    };
    const [year, month] = row.date.split('-').map(Number);
    division.matches.push({
      first: indexOf(row.home_team),
      second: indexOf(row.away_team),
      outcome: row.home_score > row.away_score ? 1 : row.home_score < row.away_score ? 0 : 0.5,
      date: row.date,
      season: month >= 7 ? year : year - 1,
      homeGoals: row.home_score,
      awayGoals: row.away_score,
    });
  }
  return [...divisions.values()];
}

export const SEASONS = [2013, 2014, 2015, 2016];

/** Teams of a season, best first: by points (3, 1, 0), then goal difference, then goals, then index. */
export function seasonTable(matches: readonly LeagueMatch[]): number[] {
  const rows = new Map<number, [number, number, number]>();
  const add = (team: number, points: number, scored: number, conceded: number): void => {
    const [p, d, g] = rows.get(team) ?? [0, 0, 0];
    rows.set(team, [p + points, d + scored - conceded, g + scored]);
  };
  for (const { first, second, outcome, homeGoals, awayGoals } of matches) {
    add(first, outcome === 1 ? 3 : outcome === 0.5 ? 1 : 0, homeGoals, awayGoals);
    add(second, outcome === 0 ? 3 : outcome === 0.5 ? 1 : 0, awayGoals, homeGoals);
  }
  return [...rows]
    .sort(([a, [pa, da, ga]], [b, [pb, db, gb]]) => pb - pa || db - da || gb - ga || a - b)
    .map(([team]) => team);
}
