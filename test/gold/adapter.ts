// What a gold file and its adapters look like.

export interface GoldCase {
  /** Name of the function; what follows a '/' names the case. */
  fn: string;
  input: GoldInput;
  expected: unknown;
  tol: unknown;
  [field: string]: unknown;
}

/** The fields differ from function to function; an adapter knows those of its own. */
export type GoldInput = Record<string, never> & { file?: unknown };

export interface GoldAdapters {
  adapters: Record<string, (input: GoldInput, gold: GoldCase) => unknown>;
  /** Whether the value that came back agrees with the expected one, by the rule of the spec that the file serves. */
  matches(actual: unknown, expected: unknown, tol: unknown, gold: GoldCase): boolean;
}
