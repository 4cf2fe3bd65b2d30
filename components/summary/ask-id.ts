/** Where a question is written, for the key that goes there; apart from the pane, which is fetched later. */
export const ASK_ID = "ask";
