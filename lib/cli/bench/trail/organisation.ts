/** Whose log and export key a measurement makes. */
export const ORGANISATION = "bench";
