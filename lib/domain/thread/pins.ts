/** As many records of an incident as may be pinned at a time. */
export const PINS_MAX = 50;
