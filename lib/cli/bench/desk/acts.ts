import type { Page } from "playwright";
import { atMost, percentile, round } from "../../figures.ts";
import type { Figure } from "../../figures.ts";
import { say } from "../../progress.ts";
import { nextPaint, SHORTEST_MS, timeActs } from "./watch.ts";
import type { Interaction } from "./watch.ts";

type Acts = readonly [what: string, act: () => Promise<unknown>][];

const MOST_MS = 100;

/** `turns`: how often the screen is opened anew and everything is done. */
type Given = { page: Page; open: () => Promise<unknown>; turns: number };

/** What a person does in the queue, by key and by pointer; each time the first of a visit is among them. */
export async function benchQueueActs({ page, open, turns }: Given): Promise<Figure> {
  const found: Interaction[] = [];
  for (let turn = 0; turn < turns; turn += 1) {
    await open();
    found.push(...(await timeActs(page, queueActs(page))));
  }
  return tell("queue", found);
}

/** What a person does in an incident. */
export async function benchIncidentActs({ page, open, turns }: Given): Promise<Figure> {
  const found: Interaction[] = [];
  for (let turn = 0; turn < turns; turn += 1) {
    await open();
    found.push(...(await timeActs(page, incidentActs(page))));
  }
  return tell("incident", found);
}

function queueActs(page: Page): Acts {
  const key = (name: string) => () => page.keyboard.press(name);
  const view = (name: string) => page.getByRole("navigation", { name: "Views" }).getByText(name);
  const rows = page.getByRole("table", { name: "Incidents" }).getByRole("link");
  const menu = page.getByRole("menuitemcheckbox", { name: "Medium" });
  const opened = page.getByRole("listbox", { name: "Thread" });
  const found = page.locator('[role="table"][aria-label="Incidents"][aria-busy="false"]');
  return [
    ...repeat(8, ["next row (j)", key("j")]),
    ...repeat(4, ["previous row (k)", key("k")]),
    ["choose (x)", key("x")],
    ["choose on (Shift+j)", key("Shift+J")],
    ["choose all loaded (Shift+x)", key("Shift+X")],
    ["choose none (Escape)", key("Escape")],
    ["hide the preview (p)", key("p")],
    ["show the preview (p)", key("p")],
    ...dialogActs(page),
    [
      "open the filter menu",
      () => page.getByRole("button", { name: "Filter", exact: true }).click(),
    ],
    [
      "leave the filter menu (Escape)",
      async () => (await menu.waitFor(), page.keyboard.press("Escape")),
    ],
    [
      "another view",
      async () => (await menu.waitFor({ state: "hidden" }), view("Unassigned").click()),
    ],
    ["back to all", async () => (await rows.first().waitFor(), view("All").click())],
    ["search (/)", async () => (await rows.first().waitFor(), page.keyboard.press("/"))],
    ...[..."beacon"].map((letter): Acts[number] => ["type in the filter", key(letter)]),
    ["leave the filter", key("Escape")],
    ["to a row found (j)", async () => (await found.waitFor(), page.keyboard.press("j"))],
    ["open the incident (Enter)", key("Enter")],
    ["its first line (j)", async () => (await opened.waitFor(), page.keyboard.press("j"))],
  ];
}

function incidentActs(page: Page): Acts {
  const key = (name: string) => () => page.keyboard.press(name);
  const tab = (name: string) => async () => page.getByRole("tab", { name }).click();
  const list = page.getByRole("listbox", { name: "Thread" });
  return [
    ...repeat(8, ["next line (j)", key("j")]),
    ...repeat(4, ["previous line (k)", key("k")]),
    ["open the record (Enter)", key("Enter")],
    ["next record (j)", key("j")],
    ["close the record (Escape)", key("Escape")],
    ["next claim (Shift+j)", key("Shift+J")],
    ["checks of a claim (x)", key("x")],
    ["next tab (])", key("]")],
    ["entities", tab("Entities")],
    ["similar", tab("Similar")],
    ["decisions", tab("Decisions")],
    ["summary", tab("Summary")],
    ...dialogActs(page),
    ["search the thread (/)", key("/")],
    ...[..."user"].map((letter): Acts[number] => ["type in the search", key(letter)]),
    ["empty the search", key("Control+a")],
    ["empty the search", key("Backspace")],
    ["leave the search", key("Escape")],
    [
      "to the end of the thread",
      async () => (await list.waitFor(), await list.focus(), page.keyboard.press("End")),
    ],
    ["write a note (n)", key("n")],
    ...[..."note"].map((letter): Acts[number] => ["type a note", key(letter)]),
  ];
}

/** The keys and the palette, opened and left. */
function dialogActs(page: Page): Acts {
  const help = page.getByRole("dialog", { name: /^Keys / });
  const jump = page.getByRole("combobox", { name: "Search, or go anywhere" });
  const leave = async () => (await jump.waitFor(), page.keyboard.press("Escape"));
  return [
    ["the keys (?)", () => page.keyboard.press("?")],
    ["leave the keys (Escape)", async () => (await help.waitFor(), page.keyboard.press("Escape"))],
    [
      "the palette (Ctrl+k)",
      async () => (await help.waitFor({ state: "hidden" }), page.keyboard.press("Control+k")),
    ],
    ...[..."set"].map((letter): Acts[number] => [
      "type in the palette",
      async () => (await jump.waitFor(), page.keyboard.press(letter)),
    ]),
    ["leave the palette (Escape)", leave],
    [
      "after the palette (k)",
      async () => (await jump.waitFor({ state: "hidden" }), page.keyboard.press("k")),
    ],
  ];
}

function repeat(times: number, act: Acts[number]): Acts[number][] {
  return Array.from({ length: times }, () => act);
}

function tell(screen: string, found: readonly Interaction[]): Figure {
  sayEach(screen, found);
  const slowest = nextPaint(found);
  const over = found.filter(({ ms }) => ms > MOST_MS).length;
  return atMost(`${screen}.inp_ms`, slowest.ms, MOST_MS, {
    n: found.length,
    note: `the 98th of every 100 interactions; it is "${slowest.name}"; ${over} over ${MOST_MS} ms, the slowest ${round(Math.max(...found.map(({ ms }) => ms)))}`,
  });
}

function sayEach(screen: string, found: readonly Interaction[]): void {
  say(
    `  Interactions of the ${screen}: slowest and median in ms (${SHORTEST_MS} is that or less), n`,
  );
  const kinds = Map.groupBy(found, ({ name }) => name);
  const rows = [...kinds].map(([name, of]) => ({ name, times: of.map(({ ms }) => ms) }));
  for (const { name, times } of rows.toSorted(
    (a, b) => Math.max(...b.times) - Math.max(...a.times),
  ))
    say(`    ${[Math.max(...times), percentile(times, 0.5), times.length].join(" ")}  ${name}`);
}
