// When does a ranking model have a maximum likelihood estimate? When its graph of wins is strongly connected.

/**
 * Refuses a graph of wins that is not strongly connected, naming a set of items that never beat the others.
 *
 * L. R. Ford, Amer. Math. Monthly 64 (1957): the estimate of Bradley and Terry exists, and is unique up to a constant,
 * iff in every split of the items in two sets some item of each beats one of the other. R. E. Tarjan, SIAM J. Comput. 1
 * (1972), for the components. O(items + wins).
 *
 * @param name argument to name in the error
 * @param beats beats[i] lists the items that i has beaten
 * @throws RangeError
 */
export function checkStronglyConnected(name: string, beats: ArrayLike<number>[]): void {
  const n = beats.length;
  const sink = firstComponent(beats);
  if (sink.length === n) return;
  const items = sink.sort((a, b) => a - b).join(', ');
  throw new RangeError(
    `${name} has no maximum likelihood estimate: items {${items}} never beat the others; a penalty l2 > 0 gives one`,
  );
}

/** The first strongly connected component that Tarjan's search closes: no edge leaves it. Without recursion. */
function firstComponent(edges: ArrayLike<number>[]): number[] {
  const index = new Int32Array(edges.length).fill(-1);
  const low = new Int32Array(edges.length);
  const next = new Int32Array(edges.length);
  const stack = [0];
  const path = [0];
  let count = 0;
  index[0] = low[0] = count++;
  for (;;) {
    const v = path[path.length - 1];
    if (next[v] < edges[v].length) {
      const w = edges[v][next[v]++];
      if (index[w] === -1) {
        index[w] = low[w] = count++;
        stack.push(w);
        path.push(w);
      } else low[v] = Math.min(low[v], index[w]); // nothing has been closed yet, so w is on the stack
    } else if (low[v] === index[v]) return stack.slice(stack.indexOf(v));
    else {
      path.pop();
      const parent = path[path.length - 1];
      low[parent] = Math.min(low[parent], low[v]);
    }
  }
}
