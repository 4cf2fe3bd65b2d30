/** Whether the pane beside the queue is open, and how wide, as the person left it. */
export type PreviewLook = { open: boolean; width: number };

export const PREVIEW_COOKIE = "countersign-preview";
/** In px. A narrow screen takes less: the pane is never wider than two fifths of it. */
export const PREVIEW_WIDTH = { min: 280, max: 720, first: 400 } as const;

/** `open:420` in the cookie; whatever else stands there is the first look. */
export function previewLook(cookie: string | undefined): PreviewLook {
  const found = /^(open|closed):(\d{3,4})$/.exec(cookie ?? "");
  if (!found) return { open: true, width: PREVIEW_WIDTH.first };
  return { open: found[1] === "open", width: inRange(Number(found[2])) };
}

export function previewCookie({ open, width }: PreviewLook): string {
  return `${open ? "open" : "closed"}:${inRange(width)}`;
}

export function inRange(width: number): number {
  return Math.round(Math.min(PREVIEW_WIDTH.max, Math.max(PREVIEW_WIDTH.min, width)));
}
