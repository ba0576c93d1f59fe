/** Gold functions of this file that the library does not have yet. */
export const pending: string[] = [];
