// Counts of a speculative run, and the rates that follow from them.

import { speculativeTime } from './cost.js';

export interface SpeculativeStats {
  rounds: number;
  /** Calls of the target, each on a batch of prefixes. */
  targetCalls: number;
  /** Rows of logits that the target computed. */
  targetRows: number;
  /** Calls of the draft, by sub-model for nested drafts (entry 0 otherwise). */
  draftCalls: number[];
  drafted: number;
  tested: number;
  accepted: number;
  /** Drafted but not accepted. */
  discarded: number;
  emitted: number;
  /** Rounds whose last token was an extra one. */
  bonus: number;
  /** Entry i: how often the token at position i of a round was tested. */
  testedAt: number[];
  /** Entry i: how often the token at position i of a round was accepted. */
  acceptedAt: number[];
}

/**
 * Stats of no rounds.
 *
 * @example
 * emptySpeculativeStats().rounds; //=> 0
 */
export function emptySpeculativeStats(): SpeculativeStats {
  return {
    rounds: 0,
    targetCalls: 0,
    targetRows: 0,
    draftCalls: [],
    drafted: 0,
    tested: 0,
    accepted: 0,
    discarded: 0,
    emitted: 0,
    bonus: 0,
    testedAt: [],
    acceptedAt: [],
  };
}

/** The counts of two runs, added. */
export function mergeSpeculativeStats(a: SpeculativeStats, b: SpeculativeStats): SpeculativeStats {
  return {
    rounds: a.rounds + b.rounds,
    targetCalls: a.targetCalls + b.targetCalls,
    targetRows: a.targetRows + b.targetRows,
    draftCalls: addLists(a.draftCalls, b.draftCalls),
    drafted: a.drafted + b.drafted,
    tested: a.tested + b.tested,
    accepted: a.accepted + b.accepted,
    discarded: a.discarded + b.discarded,
    emitted: a.emitted + b.emitted,
    bonus: a.bonus + b.bonus,
    testedAt: addLists(a.testedAt, b.testedAt),
    acceptedAt: addLists(a.acceptedAt, b.acceptedAt),
  };
}

function addLists(a: readonly number[], b: readonly number[]): number[] {
  const longer = a.length >= b.length ? a : b;
  return longer.map((_, i) => (a[i] ?? 0) + (b[i] ?? 0));
}

export interface SpeculativeSummary {
  /** accepted / tested: tokens after a rejection are not tested. */
  acceptanceRate: number;
  /** accepted / drafted. */
  draftUtilization: number;
  /** emitted / target calls. */
  blockEfficiency: number;
  /** accepted / rounds. */
  meanAcceptedLength: number;
  /** Share accepted of those tested, by position in the round. */
  acceptanceByPosition: number[];
  /** emitted · tTarget / time of the run; undefined without times. */
  simulatedSpeedup: number | undefined;
}

export interface SpeculativeTimes {
  tDraft: number;
  tTarget: number;
}

/**
 * The rates of a run; 0 where nothing was counted.
 *
 * @param times for the simulated speed-up by `speculativeTime`
 *
 * @example
 * summarizeSpeculativeStats({ ...emptySpeculativeStats(), emitted: 6, targetCalls: 2 }).blockEfficiency; //=> 3
 */
export function summarizeSpeculativeStats(stats: SpeculativeStats, times?: SpeculativeTimes): SpeculativeSummary {
  const { accepted, tested, drafted, emitted, targetCalls, rounds, discarded } = stats;
  const time = times === undefined ? undefined : speculativeTime({ tokens: emitted, discarded, targetCalls, ...times });
  return {
    acceptanceRate: ratio(accepted, tested),
    draftUtilization: ratio(accepted, drafted),
    blockEfficiency: ratio(emitted, targetCalls),
    meanAcceptedLength: ratio(accepted, rounds),
    acceptanceByPosition: stats.testedAt.map((n, i) => ratio(stats.acceptedAt[i] ?? 0, n)),
    simulatedSpeedup: time === undefined || times === undefined ? undefined : ratio(emitted * times.tTarget, time),
  };
}

function ratio(a: number, b: number): number {
  return b === 0 ? 0 : a / b;
}
