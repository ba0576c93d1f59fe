// Maximum flow from sets to their members, with real capacities.

export interface BipartiteFlow {
  /** flow[s][j]: what runs from set s to its j-th member. */
  flow: Float64Array[];
  total: number;
}

/** Capacities below this count as used up. */
const NOTHING = 1e-16;

/**
 * Maximum flow source → set s (capacity supply[s]) → member y of s (unbounded) → sink (capacity demand[y]), by shortest
 * augmenting paths in level graphs (Dinic). A saturated edge is left at exactly 0.
 */
export function bipartiteFlow(supply: Float64Array, sets: readonly Int32Array[], demand: Float64Array): BipartiteFlow {
  const S = sets.length;
  const V = demand.length;
  const left = supply.slice();
  const open = demand.slice();
  const flow = sets.map((set) => new Float64Array(set.length));
  const holders: { set: number; slot: number }[][] = Array.from({ length: V }, () => []);
  sets.forEach((set, s) => set.forEach((y, slot) => holders[y].push({ set: s, slot })));
  const setLevel = new Int32Array(S);
  const tokenLevel = new Int32Array(V);
  let total = 0;

  const buildLevels = (): boolean => {
    setLevel.fill(-1);
    tokenLevel.fill(-1);
    let frontier: number[] = [];
    for (let s = 0; s < S; s++) {
      if (left[s] > NOTHING) {
        setLevel[s] = 0;
        frontier.push(s);
      }
    }
    for (let level = 1; frontier.length > 0; level += 2) {
      const tokens: number[] = [];
      for (const s of frontier) {
        for (const y of sets[s]) {
          if (tokenLevel[y] < 0) {
            tokenLevel[y] = level;
            tokens.push(y);
          }
        }
      }
      if (tokens.some((y) => open[y] > NOTHING)) return true;
      frontier = [];
      for (const y of tokens) {
        for (const { set, slot } of holders[y]) {
          if (setLevel[set] < 0 && flow[set][slot] > NOTHING) {
            setLevel[set] = level + 1;
            frontier.push(set);
          }
        }
      }
    }
    return false;
  };

  const pushFromSet = (s: number, amount: number): number => {
    let sent = 0;
    for (let slot = 0; slot < sets[s].length && amount - sent > NOTHING; slot++) {
      const y = sets[s][slot];
      if (tokenLevel[y] !== setLevel[s] + 1) continue;
      const through = pushFromToken(y, amount - sent);
      flow[s][slot] += through;
      sent += through;
    }
    if (amount - sent > NOTHING) setLevel[s] = -2; // no more paths from here in this level graph
    return sent;
  };

  const pushFromToken = (y: number, amount: number): number => {
    const direct = Math.min(amount, open[y]);
    open[y] -= direct;
    let sent = direct;
    for (const { set, slot } of holders[y]) {
      if (amount - sent <= NOTHING) break;
      if (setLevel[set] !== tokenLevel[y] + 1 || flow[set][slot] <= NOTHING) continue;
      const through = pushFromSet(set, Math.min(amount - sent, flow[set][slot]));
      flow[set][slot] -= through;
      sent += through;
    }
    if (amount - sent > NOTHING) tokenLevel[y] = -2;
    return sent;
  };

  while (buildLevels()) {
    let pushed = 0;
    for (let s = 0; s < S; s++) {
      if (setLevel[s] !== 0 || left[s] <= NOTHING) continue;
      const sent = pushFromSet(s, left[s]);
      left[s] -= sent;
      pushed += sent;
    }
    if (pushed <= NOTHING) break;
    total += pushed;
  }
  return { flow, total };
}
