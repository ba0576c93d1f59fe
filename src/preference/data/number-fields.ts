// The numbers of a pair, and what the files of training programs call them.

/** The first name of each is the one that is written. */
export const NUMBER_NAMES = {
  policyChosen: ['chosen_logps', 'policy_chosen_logps', 'logps_chosen'],
  policyRejected: ['rejected_logps', 'policy_rejected_logps', 'logps_rejected'],
  refChosen: ['ref_chosen_logps', 'ref_logps_chosen', 'reference_chosen_logps'],
  refRejected: ['ref_rejected_logps', 'ref_logps_rejected', 'reference_rejected_logps'],
  chosenLength: ['chosen_len'],
  rejectedLength: ['rejected_len'],
} as const;

export type NumberField = keyof typeof NUMBER_NAMES;

/** In the order in which they are read and written. */
export const NUMBER_FIELDS = /* @__PURE__ */ Object.keys(NUMBER_NAMES) as NumberField[];
