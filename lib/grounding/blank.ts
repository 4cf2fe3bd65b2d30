/** Stands for each character of a span that is accounted for. */
export const BLANK = "\u0001";
