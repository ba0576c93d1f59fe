// The kinds of preference data, as records of a file.

export interface PreferenceMessage {
  role: string;
  content: string;
  /** Whatever else a message has is kept. */
  [field: string]: unknown;
}

/** A text, or the messages of a conversation. */
export type PreferenceText = string | readonly PreferenceMessage[];

interface RecordBase {
  /** Line of the file, from 1, blank lines counted. */
  line?: number;
  /** Fields of the file that mean nothing here, kept for `stringifyPreferenceJsonl`. */
  extra?: Record<string, unknown>;
}

export interface PairwiseRecord extends RecordBase {
  type: 'pairwise';
  /** Absent: both responses begin with it, see `extractPrompt`. */
  prompt?: PreferenceText;
  chosen: PreferenceText;
  rejected: PreferenceText;
  /** Summed log-probabilities, at most 0. */
  policyChosen?: number;
  policyRejected?: number;
  refChosen?: number;
  refRejected?: number;
  /** Tokens. */
  chosenLength?: number;
  rejectedLength?: number;
  /** How much better the chosen response is. */
  margin?: number;
  /** Share of raters who prefer the chosen response, in [0, 1]. */
  agreement?: number;
  /** Votes for the chosen and the rejected response. */
  votes?: readonly [number, number];
}

export interface UnpairedRecord extends RecordBase {
  type: 'unpaired';
  prompt: PreferenceText;
  completion: PreferenceText;
  label: boolean;
}

export interface RankedRecord extends RecordBase {
  type: 'ranked';
  prompt: PreferenceText;
  completions: readonly PreferenceText[];
  /** Indices of completions, best first; those left out are not compared. */
  ranking?: readonly number[];
  /** A score of each completion, larger is better. */
  scores?: readonly number[];
}

export interface StepwiseRecord extends RecordBase {
  type: 'stepwise';
  prompt: PreferenceText;
  /** Steps of one solution. */
  completions: readonly PreferenceText[];
  /** Whether each step is right. */
  labels: readonly boolean[];
}

export type PreferenceRecord = PairwiseRecord | UnpairedRecord | RankedRecord | StepwiseRecord;

/** "line 7" of a record that came from a file, "record 6" of one that did not. */
export function placeOf(record: { line?: number }, index: number): string {
  return record.line === undefined ? `record ${index}` : `line ${record.line}`;
}

/** A text that is equal for equal texts and message lists, roles and contents. */
export function textKey(text: PreferenceText | undefined): string {
  if (text === undefined) return '';
  return typeof text === 'string' ? `s${text}` : `m${JSON.stringify(text.map(({ role, content }) => [role, content]))}`;
}
