/** As many incidents as one person may watch. */
export const WATCHES_MAX = 500;
