/** Claims are walked as they stand on the screen, whichever of them are unfolded. */
const CLAIMS = 'li[id^="claim-"]';

/** Moves the focus to the next or previous claim; at an end it stays. */
export function stepClaim(by: 1 | -1) {
  const claims = [...document.querySelectorAll<HTMLElement>(CLAIMS)];
  const at = claims.findIndex((claim) => claim.getAttribute("aria-current") === "true");
  const next = claims[at < 0 ? (by > 0 ? 0 : claims.length - 1) : at + by];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

/** Whether the focus is on a claim itself, and not on something inside it. */
export function isClaimFocused(): boolean {
  return document.activeElement?.matches(CLAIMS) ?? false;
}

/** Presses a button of the claim in hand. */
export function pressClaimAct(act: "accept" | "dispute" | "correct" | "checks") {
  document
    .querySelector<HTMLElement>(`${CLAIMS}[aria-current="true"] [data-act="${act}"]`)
    ?.click();
}
