/** How often an open page says that it is open, and after how long without a word it is not there any more. */
export const BEAT_SECONDS = 10;
export const GONE_SECONDS = 35;
/** People at one incident, and all at once, that are told of. */
export const PRESENT_MAX = 20;
export const PRESENT_ALL_MAX = 500;
