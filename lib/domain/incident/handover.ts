/** As many incidents as are handed over at once: each has a note of its own, which somebody reads. */
export const HANDOVERS_MAX = 25;

/** What stands open in an incident, as rows say it. */
export type HandoverFacts = {
  status: string;
  verdict: string | null;
  openTasks: string[];
  doneTasks: number;
  /** Decisions that wait for signatures; `signed` by so many as yet. */
  openDecisions: { words: string; proposer: string; signed: number }[];
  pins: string[];
};

const LINES_MAX = 20;

/** What a hand-over note begins with, for the person to edit. From rows alone; no model has a word in it. */
export function handoverText(facts: HandoverFacts): string {
  const { status, verdict, openTasks, doneTasks, openDecisions, pins } = facts;
  return [
    "What is known:",
    `- Status: ${status.toLowerCase()}. Verdict: ${verdict?.toLowerCase() ?? "none yet"}.`,
    ...listed(pins, "pinned records").map((words) => `- Pinned: ${words}`),
    ...(doneTasks > 0 ? [`- Tasks done: ${doneTasks}`] : []),
    "",
    "What is open:",
    ...openPart([
      ...listed(openTasks, "open tasks").map((words) => `- Task: ${words}`),
      ...listed(openDecisions.map(decisionLine), "open decisions").map((words) => `- ${words}`),
    ]),
    "",
    "What to do next:",
    "- ",
  ].join("\n");
}

function decisionLine({ words, proposer, signed }: HandoverFacts["openDecisions"][number]): string {
  const by = `${words}, proposed by ${proposer}`;
  if (signed === 0) return `Unsigned proposal: ${by}`;
  return `Open decision: ${by}, ${signed === 1 ? "1 signature" : `${signed} signatures`} so far`;
}

function openPart(lines: string[]): string[] {
  return lines.length > 0 ? lines : ["- Nothing that the rows know of."];
}

/** The first of them, each on one line, and how many more there are. */
function listed(words: readonly string[], what: string): string[] {
  const lines = words.slice(0, LINES_MAX).map((each) => each.replaceAll(/\s+/g, " ").trim());
  const more = words.length - lines.length;
  return more > 0 ? [...lines, `and ${more} more ${what}`] : lines;
}
