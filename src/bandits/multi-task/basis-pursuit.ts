/**
 * Basis pursuit, argmin ||ν||_1 subject to W ν = w, as a linear program by the two-phase simplex method.
 *
 * S. S. Chen, D. L. Donoho, M. A. Saunders, "Atomic Decomposition by Basis Pursuit", SIAM Journal on Scientific Computing 20 (1998). With
 * ν = ν⁺ - ν⁻ the variables are 2T numbers >= 0 of cost 1, in k equations; phase one drives k artificial variables to 0.
 */

/**
 * The tableau has k + 1 rows of 2T + k + 1 numbers; the entering column has the most negative reduced cost, after a degenerate step the
 * lowest index (Bland's rule), so that it cannot cycle. Deterministic.
 *
 * @param W k × T row-major, finite
 * @returns a vertex, at most k nonzeros, or undefined if there is no solution
 */
export function basisPursuit(W: Float64Array, w: ArrayLike<number>, k: number, T: number): Float64Array | undefined {
  const n = 2 * T + k;
  const width = n + 1;
  const tableau = new Float64Array(k * width);
  let scale = 0;
  for (let i = 0; i < k; i++) {
    const sign = w[i] < 0 ? -1 : 1;
    for (let t = 0; t < T; t++) {
      tableau[i * width + t] = sign * W[i * T + t];
      tableau[i * width + T + t] = -sign * W[i * T + t];
      scale = Math.max(scale, Math.abs(W[i * T + t]));
    }
    tableau[i * width + 2 * T + i] = 1;
    tableau[i * width + n] = sign * w[i];
    scale = Math.max(scale, Math.abs(w[i]));
  }
  const basis = Int32Array.from({ length: k }, (_, i) => 2 * T + i);
  const tiny = 1e-11 * Math.max(scale, 1e-300);

  // Phase one: Σ artificial variables, which may leave but not come back. Phase two: Σ ν⁺ + ν⁻.
  run((j) => (j >= 2 * T ? 1 : 0));
  let left = 0;
  for (let i = 0; i < k; i++) if (basis[i] >= 2 * T) left += Math.abs(tableau[i * width + n]);
  if (left > 1e-9 * Math.max(scale, 1e-300) * k) return undefined;
  // An artificial variable that stays at 0 leaves for any column that its equation has; without one the equation is redundant.
  for (let i = 0; i < k; i++) {
    if (basis[i] < 2 * T) continue;
    let column = -1;
    for (let j = 0; j < 2 * T; j++) {
      if (Math.abs(tableau[i * width + j]) > tiny) {
        column = j;
        break;
      }
    }
    if (column >= 0) pivot(i, column);
  }
  run((j) => (j >= 2 * T ? 0 : 1));

  const nu = new Float64Array(T);
  for (let i = 0; i < k; i++) {
    const j = basis[i];
    const value = Math.max(0, tableau[i * width + n]);
    if (j < T) nu[j] += value;
    else if (j < 2 * T) nu[j - T] -= value;
  }
  return nu;

  function run(cost: (j: number) => number): void {
    let bland = false;
    for (let step = 0; step < 200 * (k + T) + 1000; step++) {
      let enter = -1;
      let least = -1e-10;
      for (let j = 0; j < 2 * T; j++) {
        let reduced = cost(j);
        for (let i = 0; i < k; i++) reduced -= cost(basis[i]) * tableau[i * width + j];
        if (reduced < least) {
          enter = j;
          if (bland) break;
          least = reduced;
        }
      }
      if (enter < 0) return;
      let leave = -1;
      let ratio = Infinity;
      for (let i = 0; i < k; i++) {
        const a = tableau[i * width + enter];
        if (!(a > tiny)) continue;
        const r = Math.max(0, tableau[i * width + n]) / a;
        if (r < ratio - 1e-14 || (r <= ratio + 1e-14 && basis[i] < basis[leave])) {
          leave = i;
          ratio = Math.min(r, ratio);
        }
      }
      if (leave < 0) return; // costs are >= 0, so the program is bounded: rounding
      bland = ratio <= 1e-12;
      pivot(leave, enter);
    }
  }

  function pivot(row: number, column: number): void {
    const at = row * width;
    const inverse = 1 / tableau[at + column];
    for (let j = 0; j < width; j++) tableau[at + j] *= inverse;
    tableau[at + column] = 1;
    for (let i = 0; i < k; i++) {
      if (i === row) continue;
      const factor = tableau[i * width + column];
      if (factor === 0) continue;
      for (let j = 0; j < width; j++) tableau[i * width + j] -= factor * tableau[at + j];
      tableau[i * width + column] = 0;
    }
    basis[row] = column;
  }
}
