// What a claim is: a sentence of a paper that can be run, the figure expected, and a verdict fixed before the run.

export type Scale = 'quick' | 'full';

export interface ClaimOptions {
  /** 'quick' takes seconds and keeps the question; 'full' is the size of the paper. */
  scale: Scale;
  /** Seeds every stream of the run. */
  seed: number;
  /** Told the fraction done, in [0, 1]. */
  onProgress(fraction: number): void;
}

export interface ClaimResult {
  /** The figures found here, as a sentence of a table cell. */
  measured: string;
  /** Standard error of the main figure, where it is a mean over seeds. */
  standardError?: number;
  verdict: 'reproduced' | 'not reproduced';
  /** Anything the reader should know: sizes, what was reduced, why it does not hold. */
  note?: string;
  /** A figure for the report, or several. */
  figure?: Figure | Figure[];
}

/** Data of a figure; the report draws it. Every mark lists its points; `series` groups them by colour. */
export interface Figure {
  title: string;
  x: { label: string; type?: 'linear' | 'log' | 'band' };
  y: { label: string; type?: 'linear' | 'log' };
  marks: FigureMark[];
}

export type FigureMark =
  | { kind: 'line' | 'dot'; points: { x: number | string; y: number; series?: string }[] }
  | { kind: 'bar'; points: { x: string; y: number; series?: string }[] }
  | { kind: 'band'; points: { x: number; low: number; high: number; series?: string }[] }
  | { kind: 'rule'; y: number; label?: string }
  /** Values over a grid, from dark for the least to light for the largest. A figure of it has no series. */
  | { kind: 'map'; points: { x: number; y: number; value: number; series?: string }[] };

export interface Claim {
  /** Kebab-case, first author and year first: 'khodak2024-sor-shifted'. Also the file's name. */
  id: string;
  /** The paper's short title. */
  seed: string;
  /** arXiv id or DOI. */
  reference: string;
  /** The claim, in one sentence. */
  statement: string;
  /** Where the paper says it: 'Figure 3', 'Theorem 2'. */
  source: string;
  /** What the paper says, and the verdict rule. */
  expected: string;
  /** Run by `npm run reproduce` without arguments. */
  headline?: boolean;
  /** What the ledger lists: 'reproduced' unless the claim is known not to hold; `note` of the result then says why. */
  listed?: 'reproduced' | 'not reproduced';
  run(options: ClaimOptions): Promise<ClaimResult> | ClaimResult;
}
