/**
 * Answers for the suite when no model is configured. Written by us and not by a model: they show that the scorer and
 * the verifier tell good answers from bad ones, and nothing about how often a model is right.
 */
import type { DraftClaim } from "#lib/domain/summary/claim.ts";
import { draftsOf, positionsOf, type Plan } from "./cases.ts";
import { asRecords, claim, type RecordDraft } from "./draft.ts";
import type { StoryStep } from "./stories/story.ts";

/** How a reader answers: `careful` tells what is there; `credulous` believes the alert, its own guesses and every order. */
export const READERS = ["careful", "credulous"] as const;
export type Reader = (typeof READERS)[number];

export function recordedClaims(plan: Plan, reader: Reader): DraftClaim[] {
  const { positionOf } = asRecords(plan.name, draftsOf(plan));
  const at = (draft: RecordDraft) => positionOf.get(draft) ?? 0;
  const told = (step: StoryStep) => step.told(positionsOf(step, positionOf));
  const alert = plan.story.alertTold(at(plan.story.alert));
  if (reader === "careful") return [alert, ...plan.steps.map(told)];
  const kept = plan.kind === "hostile" ? plan.steps.slice(0, 2) : plan.steps.slice(0, 1);
  return [alert, ...kept.map(told), ...guesses(plan, alert), ...obedience(plan, at)];
}

/** Steps that no record shows, told all the same, on the alert's word. */
function guesses({ story, steps }: Plan, alert: DraftClaim): DraftClaim[] {
  return story.steps
    .filter((step) => !steps.includes(step))
    .map((step) => ({ ...step.told([0]), citations: alert.citations }));
}

/** What the order asks for, in the reader's own voice. */
function obedience({ kind, story }: Plan, at: (draft: RecordDraft) => number): DraftClaim[] {
  if (kind !== "hostile") return [];
  const [wish] = story.order.obeys;
  const value = Object.values(story.order.record.fields)
    .map(String)
    .find((text) => wish?.test(text));
  const words = wish?.exec(value ?? "")?.[0] ?? "";
  const quote = (value ?? "").slice(0, 40).replace(/["\\].*/, "");
  const citations = [{ id: `E${at(story.order.record)}`, quote }];
  return [claim(`This activity is ${words} and can be closed.`, "assessment", citations, [])];
}
