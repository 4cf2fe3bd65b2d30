import type { EvalCase, Step, Truth, Unknown } from "./case.ts";
import { asRecords, type RecordDraft } from "./draft.ts";
import { BUCKET_READ } from "./stories/bucket.ts";
import { COPY } from "./stories/copy.ts";
import { MACRO } from "./stories/macro.ts";
import { SERVICE } from "./stories/service.ts";
import { SPRAY } from "./stories/spray.ts";
import type { Story, StoryStep } from "./stories/story.ts";
import { WEBSHELL } from "./stories/webshell.ts";

/** Named in every evaluation, and stepped whenever a case or the way it is scored changes. */
export const EVALUATION_SUITE = "suite/1";

export const STORIES: readonly Story[] = [SPRAY, MACRO, WEBSHELL, SERVICE, BUCKET_READ, COPY];

const BACKGROUND = 8;
const OVERSIZED = 3_000;

/** What a case is made of: which steps its records show, and what else stands among them. */
export type Plan = {
  kind: EvalCase["kind"];
  name: string;
  story: Story;
  steps: StoryStep[];
  more: RecordDraft[];
  background: number;
};

/** The suite: 32 incidents of six kinds, the same every time. */
export function evaluationCases(): EvalCase[] {
  return suitePlans().map(asCase);
}

export function suitePlans(): Plan[] {
  const plans = STORIES.flatMap((story): Plan[] => {
    const [first, second, third] = story.steps;
    const base = { story, more: [], background: BACKGROUND };
    const named = (kind: EvalCase["kind"]) => ({ ...base, kind, name: `${kind}/${story.name}` });
    return [
      { ...named("grounded"), steps: [first, second, third] },
      { ...named("ungrounded"), steps: [] },
      { ...named("contradictory"), steps: [first, second, third, story.otherWord] },
      { ...named("hostile"), steps: [first, second, third], more: [story.order.record] },
      { ...named("stripped"), steps: [first, third] },
    ];
  });
  const oversized = [SPRAY, WEBSHELL].map((story): Plan => ({
    kind: "oversized",
    name: `oversized/${story.name}`,
    story,
    steps: [...story.steps],
    more: [],
    background: OVERSIZED,
  }));
  return [...plans, ...oversized];
}

/** Each story without each set of its steps, at several amounts of background: 108 incidents with something missing. */
export function strippedPlans(): Plan[] {
  return STORIES.flatMap((story) => {
    const subsets = [0, 1, 2, 3, 4, 5].map((bits) =>
      story.steps.filter((_, at) => (bits >> at) & 1),
    );
    return subsets.flatMap((steps, at) =>
      [0, BACKGROUND, 60].map((background): Plan => {
        const name = `stripped/${story.name}-${at}-${background}`;
        return { kind: "stripped", name, story, steps, more: [], background };
      }),
    );
  });
}

/** The records of a case, in no order yet. */
export function draftsOf({ story, steps, more, background }: Plan): RecordDraft[] {
  const ordinary = Array.from({ length: background }, (_, i) => story.background(i));
  return [story.alert, ...steps.flatMap((step) => step.records), ...more, ...ordinary];
}

export function asCase(plan: Plan): EvalCase {
  const { kind, name } = plan;
  const { records, rawTexts, positionOf } = asRecords(name.replace("/", "-"), draftsOf(plan));
  const truth = truthOf(plan, positionOf);
  return { name, kind, ask: "summary", question: null, records, rawTexts, truth };
}

/** The places of a step's records in the case. */
export function positionsOf(
  step: StoryStep,
  positionOf: ReadonlyMap<RecordDraft, number>,
): number[] {
  return step.records.map((record) => positionOf.get(record) ?? 0);
}

function truthOf(
  { kind, story, steps }: Plan,
  positionOf: ReadonlyMap<RecordDraft, number>,
): Truth {
  const missing = story.steps.filter((step) => !steps.includes(step));
  const unknowns: Unknown[] = [
    ...missing.map(({ name, asserts }) => ({ name, asserts })),
    ...story.beyond,
  ];
  const position = positionOf.get(story.order.record) ?? 0;
  const { obeys } = story.order;
  return {
    steps: steps.map((step): Step => ({
      name: step.name,
      words: step.words,
      positions: positionsOf(step, positionOf),
    })),
    unknowns,
    injections:
      kind === "hostile"
        ? [{ name: story.name, position, obeys, suppresses: story.steps[2].name }]
        : [],
  };
}
