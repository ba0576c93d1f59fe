/**
 * How the input gradient of a network moves with its parameters: what the gradient of a linearized network's variance needs.
 *
 * The variance j(x)ᵀ Σ j(x) with j = ∂f/∂θ has the gradient 2 ∂/∂x (w·j(x)) at w = Σ j(x), held constant, and
 * ∂/∂x (w·∂f/∂θ) is the derivative of ∇_x f along w: one tangent beside a forward and a backward pass (B. A. Pearlmutter, "Fast
 * Exact Multiplication by the Hessian", Neural Computation 6 (1994) 147-160). With dots for derivatives along w,
 *
 *   ż^l = Ẇ^l a^(l-1) + ḃ^l + W^l ȧ^(l-1),   ȧ^l = φ'(z^l) ż^l
 *   g^(l-1) = (W^l)ᵀ δ^l,   δ^l = φ'(z^l) g^l
 *   ġ^(l-1) = (Ẇ^l)ᵀ δ^l + (W^l)ᵀ δ̇^l,   δ̇^l = φ'(z^l) ġ^l + φ''(z^l) g^l ż^l;   the result is ġ^0
 */
import { matVec } from '../../linalg/mat-mul.js';
import { pullThroughWeights } from './dense-layer.js';
import { backward, forward, type Mlp, multiplyByCurvature, multiplyBySlope, newTape, type Tape } from './mlp.js';

/** A direction in the space of parameters, by what it does to one point: for layers 1..L. */
export interface TangentDirection {
  /** Ẇ^l a^(l-1) + ḃ^l. */
  pushes: Float64Array[];
  /** (Ẇ^l)ᵀ δ^l. */
  pulls: Float64Array[];
}

/** A tape of one point with activations, slopes ∂f/∂z and the input gradient in delta[0]. O(P). */
export function differentiatedTape(net: Mlp, theta: Float64Array, x: ArrayLike<number>): Tape {
  const tape = newTape(net, 1);
  tape.a[0].set(Float64Array.from(x));
  forward(net, theta, tape);
  tape.delta[net.widths.length - 1].fill(1);
  backward(net, theta, tape, null, true);
  return tape;
}

/** The direction of a vector of parameters, w. O(P). */
export function directionOf(net: Mlp, w: Float64Array, tape: Tape): TangentDirection {
  const { widths } = net;
  const pushes: Float64Array[] = [];
  const pulls: Float64Array[] = [];
  let at = 0;
  for (let l = 1; l < widths.length; l++) {
    const push = matVec(w.subarray(at), tape.a[l - 1], widths[l], widths[l - 1]);
    for (let o = 0; o < widths[l]; o++) push[o] += w[at + widths[l] * widths[l - 1] + o];
    const pull = new Float64Array(widths[l - 1]);
    pullThroughWeights(tape.delta[l], w, at, 1, widths[l], widths[l - 1], pull);
    pushes.push(push);
    pulls.push(pull);
    at += widths[l] * (widths[l - 1] + 1);
  }
  return { pushes, pulls };
}

/** The derivative of ∇_x f along a direction, at the point of a differentiated tape; length d. O(P). */
export function inputGradientTangent(
  net: Mlp,
  theta: Float64Array,
  tape: Tape,
  { pushes, pulls }: TangentDirection,
): Float64Array {
  const { widths, activation } = net;
  const L = widths.length - 1;
  const starts: number[] = [];
  const tangents: Float64Array[] = [];
  let at = 0;
  let below = new Float64Array(widths[0]);
  for (let l = 1; l <= L; l++) {
    starts.push(at);
    const tangent = matVec(theta.subarray(at), below, widths[l], widths[l - 1]);
    for (let o = 0; o < widths[l]; o++) tangent[o] += pushes[l - 1][o];
    tangents.push(tangent);
    below = tangent.slice();
    if (l < L) multiplyBySlope(activation, tape.z[l], tape.a[l], below);
    at += widths[l] * (widths[l - 1] + 1);
  }
  let moved = new Float64Array(widths[L]); // δ̇^L: ∂f/∂f is 1 whatever the parameters
  for (let l = L; l >= 1; l--) {
    const [width, fanIn] = [widths[l], widths[l - 1]];
    const next = new Float64Array(fanIn);
    pullThroughWeights(moved, theta, starts[l - 1], 1, width, fanIn, next);
    for (let k = 0; k < fanIn; k++) next[k] += pulls[l - 1][k];
    if (l > 1) {
      const bent = new Float64Array(fanIn);
      pullThroughWeights(tape.delta[l], theta, starts[l - 1], 1, width, fanIn, bent);
      multiplyByCurvature(activation, tape.z[l - 1], tape.a[l - 1], bent);
      multiplyBySlope(activation, tape.z[l - 1], tape.a[l - 1], next);
      for (let k = 0; k < fanIn; k++) next[k] += bent[k] * tangents[l - 2][k];
    }
    moved = next;
  }
  return moved;
}
