// Preference data of preference.json.
import { parsePreferenceJsonl } from '../../../src/preference/index.js';
import type { GoldAdapters } from '../adapter.js';

export const adapters: GoldAdapters['adapters'] = {
  parsePreferenceJsonl: ({ text, options }) => parsePreferenceJsonl(text, options),
};
