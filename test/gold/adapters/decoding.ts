import type { GoldAdapters } from '../adapter.js';

export const adapters: GoldAdapters['adapters'] = {};

export const matches: GoldAdapters['matches'] = () => false;
