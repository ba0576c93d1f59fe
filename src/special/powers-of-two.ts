// Powers of two as exact doubles. Multiplying by one of them scales a number without touching its significand, and
// reading a table is quicker than writing an exponent field, which stalls the store buffer of every engine.

/** POWERS_OF_TWO[n + 1074] = 2^n for n = -1074 ... 1023, filled by exact doubling. */
export const POWERS_OF_TWO: Float64Array = /* @__PURE__ */ (() => {
  const powers = new Float64Array(2098);
  for (let n = 0, power = 5e-324; n < powers.length; n++, power *= 2) powers[n] = power;
  return powers;
})();
