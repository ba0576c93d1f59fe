// The ledger is the folder: every file below claims/<area>/ that exports `claim` is a claim.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Claim } from './claim.js';

export async function loadClaims(): Promise<{ claim: Claim; file: string }[]> {
  const found: { claim: Claim; file: string }[] = [];
  for (const file of readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!/[/\\].*\.ts$/.test(file)) continue;
    const path = join(import.meta.dirname, file);
    const { claim } = (await import(pathToFileURL(path).href)) as { claim?: Claim };
    if (claim !== undefined) found.push({ claim, file: path });
  }
  const ids = new Set<string>();
  for (const { claim } of found) {
    if (ids.has(claim.id)) throw new Error(`two claims are named ${claim.id}`);
    ids.add(claim.id);
  }
  return found;
}
