/** The buttons of the selection's bar, so that keys press what the pointer presses. */
export const ASSIGN_TO_ID = "assign-chosen-to";
export const NOTE_ALL_ID = "note-chosen";
export const HAND_OVER_ID = "hand-over-chosen";
export const PROPOSE_ID = "close-chosen";
/** The buttons of the saved views, likewise. */
export const SAVED_VIEWS_ID = "saved-views";
export const SAVE_VIEW_ID = "save-view";
