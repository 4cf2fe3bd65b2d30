import { z } from "zod";
import "#lib/contracts/no-eval.ts";

/** Where drafts are kept: the tab's own storage, so that they outlive a reload and not the tab. */
export type DraftStore = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** A draft as it was last changed. */
export type KeptDraft<T> = {
  /** ISO 8601. */
  at: string;
  /** The version it began with; null: there was none. */
  base: number | null;
  value: T;
};

/** What keeps a draft: whose it is, of what, and what a draft must look like to be taken up again. */
export type DraftPlace<T> = {
  of: "policy" | "automation" | `playbook ${string}`;
  personId: string;
  schema: z.ZodType<T>;
};

const nameOf = ({ of, personId }: Pick<DraftPlace<unknown>, "of" | "personId">) =>
  `countersign.draft.${of}.${personId}`;

/** The draft of this person; null when there is none, or one that this version cannot take up. */
export function readDraft<T>(store: DraftStore, place: DraftPlace<T>): KeptDraft<T> | null {
  const text = attempt(() => store.getItem(nameOf(place)));
  if (text === null) return null;
  const kept = z.object({
    at: z.iso.datetime(),
    base: z.int().nullable(),
    value: place.schema,
  });
  const found = kept.safeParse(attempt(() => JSON.parse(text) as unknown));
  return found.success ? found.data : null;
}

/** Keeps it; where the browser lets nothing be stored, the draft lives as long as its page. */
export function keepDraft<T>(store: DraftStore, place: DraftPlace<T>, draft: KeptDraft<T>): void {
  attempt(() => store.setItem(nameOf(place), JSON.stringify(draft)));
}

export function dropDraft<T>(store: DraftStore, place: DraftPlace<T>): void {
  attempt(() => store.removeItem(nameOf(place)));
}

/** A browser may refuse its storage, and it may be full. */
function attempt<T>(act: () => T): T | null {
  try {
    return act();
  } catch {
    return null;
  }
}
