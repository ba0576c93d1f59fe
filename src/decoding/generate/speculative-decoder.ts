// One round of speculative decoding over models that give logits: draft, score, verify.

import { checkInteger, checkOption, checkOptionNames } from '../../internal/check.js';
import type { Rng } from '../../random/create-rng.js';
import { categoricalIndex } from '../../special/categorical-index.js';
import type { NestedDraft } from '../draft-length/nested-draft.js';
import { fixedLength, type LengthPolicy } from '../draft-length/length-policy.js';
import type { ProposalDraft } from '../language-models/prompt-lookup.js';
import { logitsPipeline, type LogitsPipelineOptions } from '../logits/logits-pipeline.js';
import { type BeamTreeOptions, growBeamTree, growTree } from '../tree/build-tree.js';
import { treePath, type TokenTree } from '../tree/token-tree.js';
import { verifyTree } from '../tree/verify-tree.js';
import type { Verification } from '../verify/verification.js';
import { verifyBlock } from '../verify/verify-block.js';
import { verifyGreedy, verifyMatch } from '../verify/verify-greedy.js';
import { verifyTokens } from '../verify/verify-tokens.js';
import { verifyTypical, type VerifyTypicalOptions } from '../verify/verify-typical.js';
import { driveAsync, driveSync, type LogitsFn, type Steps } from './model.js';
import { emptySpeculativeStats, mergeSpeculativeStats, type SpeculativeStats } from './stats.js';

export interface SpeculativeModels {
  target: LogitsFn;
  /** A model, several nested ones, or a source of tokens chosen without chance. */
  draft: LogitsFn | NestedDraft | ProposalDraft;
}

export interface SpeculativeOptions {
  /**
   * 'token' and 'block' verify a sequence of drafts, 'match' and 'greedy' compare with the target's own token, 'typical' is not
   * lossless; 'multidraft' and 'kseq' verify trees of independent drafts, 'tree' trees drawn without replacement. Default 'token'.
   */
  verifier?: 'token' | 'block' | 'greedy' | 'match' | 'typical' | 'multidraft' | 'kseq' | 'tree';
  /** How long to draft. Default 4 tokens. Not used by trees. */
  length?: LengthPolicy;
  /** Drafts at the one position of a tree without `branching`, at least 1. Default 2. */
  drafts?: number;
  /** Children of the nodes of a tree, by depth. Default `[drafts]`. */
  branching?: readonly number[];
  /** For 'multidraft' and 'kseq': equal accepted siblings go on together, as `verifyTree` says. Default false. */
  mergeEqual?: boolean;
  /** For 'tree': a stochastic beam (RSD-S) instead of `branching`. */
  beam?: Omit<BeamTreeOptions, 'eos'>;
  /** Filters and penalties of the target; the output has their law. */
  sampling?: LogitsPipelineOptions;
  /** Those of the draft. Default `sampling`; for 'greedy' the argmax. */
  draftSampling?: LogitsPipelineOptions;
  /** Thresholds of 'typical'. */
  typical?: VerifyTypicalOptions;
  /** The token that ends a sequence. Default none. */
  eos?: number;
}

const NAMES = {
  verifier: true,
  length: true,
  drafts: true,
  branching: true,
  mergeEqual: true,
  beam: true,
  sampling: true,
  draftSampling: true,
  typical: true,
  eos: true,
} satisfies Record<keyof SpeculativeOptions, true>;

export interface SpeculativeState {
  /** Prompt and emitted tokens. */
  tokens: number[];
  promptLength: number;
  /** Whether the end of the sequence was emitted. */
  ended: boolean;
  stats: SpeculativeStats;
  /** State of the length policy. */
  length: unknown;
  /** The last round. */
  round: { tokens: number[]; accepted: number; drafted: number };
}

export interface SpeculativeDecoder {
  init(prompt: ArrayLike<number>): SpeculativeState;
  /**
   * One round, for models that answer at once; `out` may be the state itself.
   *
   * @throws TypeError if a model answers with a promise, and what the models throw
   */
  round(state: SpeculativeState, rng: Rng, out?: SpeculativeState): SpeculativeState;
  roundAsync(
    state: SpeculativeState,
    rng: Rng,
    out?: SpeculativeState,
    signal?: AbortSignal,
  ): Promise<SpeculativeState>;
}

/**
 * Rounds of speculative decoding over a plain state: drafts tokens, has the target score all prefixes in one call, verifies.
 *
 * With every verifier but 'typical' the tokens have exactly the law of sampling from the target through `sampling` alone,
 * whatever the draft and the length policy, which may look at drafted tokens as these are submitted in any case. Penalties and
 * masks see the drafted tokens before each position. A drafted end of sequence ends the draft; nothing is emitted after it. The
 * state survives `encodeState`, and a run resumed from it with the saved generator goes on bit for bit.
 *
 * Uniforms: one a drafted token (see the builders for trees), those of the verifier, one a row for XTC. A round costs one call
 * of the target on γ + 1 prefixes (one a node and one for the context) and one of the draft a token (a level).
 *
 * @throws RangeError if an option is out of range; TypeError if one has an unknown name, or a tree verifier is given a draft that
 * is not a model
 *
 * @example
 * const even = (prefixes) => prefixes.map(() => [0, 0]);
 * const decoder = speculativeDecoder({ target: even, draft: even }, { length: fixedLength({ gamma: 3 }) });
 * decoder.round(decoder.init([0]), createRng('demo')).tokens.length; //=> 5
 */
export function speculativeDecoder(models: SpeculativeModels, options: SpeculativeOptions = {}): SpeculativeDecoder {
  checkOptionNames('options', options, NAMES);
  const verifier = checkOption('verifier', options.verifier ?? 'token', [
    'token',
    'block',
    'greedy',
    'match',
    'typical',
    'multidraft',
    'kseq',
    'tree',
  ]);
  const { target, draft } = models;
  const { length = fixedLength({ gamma: 4 }), sampling = {}, eos = -1 } = options;
  const drafts = checkInteger('drafts', options.drafts ?? 2, 1);
  const branching = options.branching ?? [drafts];
  branching.forEach((b, l) => checkInteger(`branching[${l}]`, b, 1));
  const pipeline = logitsPipeline(sampling);
  const draftOptions = options.draftSampling ?? (verifier === 'greedy' ? { ...sampling, temperature: 0 } : sampling);
  const draftPipeline = logitsPipeline(draftOptions);
  const onTree = verifier === 'multidraft' || verifier === 'kseq' || verifier === 'tree';
  if (onTree && typeof draft !== 'function') {
    throw new TypeError(`draft must be a function from prefixes to logits for verifier '${verifier}'`);
  }

  function* chainRound(state: SpeculativeState, rng: Rng, signal?: AbortSignal): Steps<RoundResult> {
    const context = state.tokens;
    const limit = checkInteger('limit', length.limit(state.length as never, rng), 0);
    const drafted = yield* draftChain(state, limit, rng, signal);
    const { tokens, rows } = drafted;
    const gamma = tokens.length;
    const prefixes: number[][] = [];
    const last = gamma > 0 && tokens[gamma - 1] === eos ? gamma - 1 : gamma; // nothing follows an end of sequence
    for (let i = 0; i <= last; i++) prefixes.push([...context, ...tokens.slice(0, i)]);
    const logits = yield* callModel('target', target, prefixes, signal);
    checkVocabulary(logits[0].length, drafted.vocab, tokens);
    const probabilities = logits.map((row, i) => pipeline(row, prefixes[i], rng));
    const block = { target: probabilities, draft: rows, tokens };
    const verification = verifyChain(verifier, block, rng, options.typical);
    const outcome = {
      limit,
      drafted: gamma,
      accepted: verification.accepted,
      emitted: verification.tokens.length,
      confidences: rows.map((row, i) => (row === null ? 1 : row[tokens[i]])),
    };
    return {
      verification,
      drafted: gamma,
      targetRows: prefixes.length,
      draftCalls: drafted.calls,
      length: length.update(drafted.length as never, outcome),
    };
  }

  function* draftChain(state: SpeculativeState, limit: number, rng: Rng, signal?: AbortSignal): Steps<DraftedChain> {
    const context = [...state.tokens];
    const chain: DraftedChain = { tokens: [], rows: [], calls: [], vocab: undefined, length: state.length };
    if (typeof draft !== 'function' && 'propose' in draft) {
      if (limit === 0) return chain;
      const proposed = draft.propose(context, limit);
      for (let i = 0; i < Math.min(limit, proposed.length); i++) {
        chain.tokens.push(checkInteger(`draft.propose()[${i}]`, proposed[i], 0));
        chain.rows.push(null);
        if (proposed[i] === eos) break;
      }
      return chain;
    }
    const nested: Pick<NestedDraft, 'models' | 'thresholds'> =
      typeof draft === 'function' ? { models: [draft], thresholds: [0] } : draft;
    chain.calls = nested.models.map(() => 0);
    while (chain.tokens.length < limit) {
      let row: Float64Array = new Float64Array(0);
      let confident = false;
      for (let m = 0; m < nested.models.length && !confident; m++) {
        const [logits] = yield* callModel('draft', nested.models[m], [context.slice()], signal);
        chain.calls[m] += 1;
        chain.vocab = logits.length;
        row = draftPipeline(logits, context, rng);
        confident = largestEntry(row) >= nested.thresholds[m];
      }
      const token = categoricalIndex(row, rng());
      chain.tokens.push(token);
      chain.rows.push(row);
      context.push(token);
      if (token === eos || !confident) break;
      const info = { index: chain.tokens.length - 1, token, probabilities: row, confidence: row[token], context };
      if (length.observe !== undefined) chain.length = length.observe(chain.length as never, info);
      if (chain.tokens.length < limit && !length.shouldContinue(chain.length as never, info)) break;
    }
    return chain;
  }

  function* treeRound(state: SpeculativeState, rng: Rng, signal?: AbortSignal): Steps<RoundResult> {
    const context = state.tokens;
    let calls = 0;
    let vocab: number | undefined;
    const rows = function* (paths: readonly (readonly number[])[]): Steps<readonly Float64Array[]> {
      const prefixes = paths.map((path) => [...context, ...path]);
      const logits = yield* callModel('draft', draft as LogitsFn, prefixes, signal);
      calls += 1;
      vocab = logits[0].length;
      return logits.map((row, i) => draftPipeline(row, prefixes[i], rng));
    };
    const kind = verifier === 'tree' ? 'without-replacement' : 'iid';
    const tree: TokenTree =
      verifier === 'tree' && options.beam !== undefined
        ? yield* growBeamTree(rows, rng, { ...options.beam, eos })
        : yield* growTree(kind, rows, rng, { branching, eos });
    const nodes = tree.tokens.length;
    const prefixes = [context.slice()];
    for (let i = 0; i < nodes; i++) prefixes.push([...context, ...treePath(tree, i)]);
    const logits = yield* callModel('target', target, prefixes, signal);
    checkVocabulary(logits[0].length, vocab, tree.tokens);
    const probabilities = logits.map((row, i) => pipeline(row, prefixes[i], rng));
    const verification = verifyTree({ tree, target: probabilities }, rng, {
      verifier: verifier === 'kseq' ? 'kseq' : 'recursive',
      replacement: verifier !== 'tree',
      mergeEqual: verifier !== 'tree' && options.mergeEqual === true,
      eos,
    });
    return { verification, drafted: nodes, targetRows: prefixes.length, draftCalls: [calls], length: state.length };
  }

  function* roundSteps(
    state: SpeculativeState,
    rng: Rng,
    out: SpeculativeState | undefined,
    signal?: AbortSignal,
  ): Steps<SpeculativeState> {
    if (state.ended) throw new RangeError('state must not have ended');
    const result = yield* (onTree ? treeRound : chainRound)(state, rng, signal);
    return record(state, result, eos, onTree, out);
  }

  return {
    init(prompt) {
      return {
        tokens: Array.from(prompt),
        promptLength: prompt.length,
        ended: false,
        stats: emptySpeculativeStats(),
        length: length.init(),
        round: { tokens: [], accepted: 0, drafted: 0 },
      };
    },
    round: (state, rng, out) => driveSync(roundSteps(state, rng, out)),
    roundAsync: (state, rng, out, signal) => driveAsync(roundSteps(state, rng, out, signal)),
  };
}

interface DraftedChain {
  tokens: number[];
  rows: (Float64Array | null)[];
  calls: number[];
  vocab: number | undefined;
  /** State of the length policy after what it observed. */
  length: unknown;
}

interface RoundResult {
  verification: Verification;
  drafted: number;
  targetRows: number;
  draftCalls: number[];
  length: unknown;
}

function verifyChain(
  verifier: NonNullable<SpeculativeOptions['verifier']>,
  block: { target: Float64Array[]; draft: (Float64Array | null)[]; tokens: number[] },
  rng: Rng,
  typical: VerifyTypicalOptions | undefined,
): Verification {
  switch (verifier) {
    case 'block':
      return verifyBlock(block, rng);
    case 'greedy':
      return verifyGreedy(block);
    case 'match':
      return verifyMatch(block, rng);
    case 'typical':
      return verifyTypical(block, rng, typical);
    default:
      return verifyTokens(block, rng);
  }
}

/** The state after a round; the only place where one changes. */
function record(
  state: SpeculativeState,
  { verification, drafted, targetRows, draftCalls, length }: RoundResult,
  eos: number,
  onTree: boolean,
  out: SpeculativeState | undefined,
): SpeculativeState {
  const emitted = Array.from(verification.tokens);
  const { accepted, tested } = verification;
  const levels = onTree ? (verification.bonus ? accepted : Math.min(accepted + 1, emitted.length)) : tested;
  const stats = mergeSpeculativeStats(state.stats, {
    rounds: 1,
    targetCalls: 1,
    targetRows,
    draftCalls,
    drafted,
    tested,
    accepted,
    discarded: drafted - accepted,
    emitted: emitted.length,
    bonus: Number(verification.bonus),
    testedAt: Array.from({ length: levels }, () => 1),
    acceptedAt: Array.from({ length: accepted }, () => 1),
  });
  const next = out ?? { ...state };
  if (next === state) state.tokens.push(...emitted);
  else next.tokens = [...state.tokens, ...emitted];
  next.promptLength = state.promptLength;
  next.ended = emitted[emitted.length - 1] === eos;
  next.stats = stats;
  next.length = length;
  next.round = { tokens: emitted, accepted, drafted };
  return next;
}

/** The rows of a model for some prefixes, after checking their number; refuses once aborted. */
export function* callModel(
  name: string,
  model: LogitsFn,
  prefixes: readonly (readonly number[])[],
  signal?: AbortSignal,
): Steps<readonly ArrayLike<number>[]> {
  if (signal?.aborted === true) {
    throw Object.assign(new Error('generation was aborted', { cause: signal.reason }), { name: 'AbortError' });
  }
  const rows: readonly ArrayLike<number>[] = yield model(prefixes);
  if (rows.length !== prefixes.length) {
    throw new RangeError(`${name} must return ${prefixes.length} rows of logits, got ${rows.length}`);
  }
  return rows;
}

function checkVocabulary(vocab: number, draftVocab: number | undefined, tokens: ArrayLike<number>): void {
  if (draftVocab !== undefined && draftVocab !== vocab) {
    throw new RangeError(`draft must have the vocabulary of the target, ${vocab} tokens, got ${draftVocab}`);
  }
  for (let i = 0; i < tokens.length; i++) {
    if (tokens[i] >= vocab) throw new RangeError(`draft must propose tokens below ${vocab}, got ${tokens[i]}`);
  }
}

function largestEntry(row: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < row.length; i++) if (row[i] > largest) largest = row[i];
  return largest;
}
