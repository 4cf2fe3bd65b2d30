/** The screens that are kept as pictures: who looks, at what, and what is done before. */
import type { Page } from "playwright/test";
import type { Desk, Who } from "../fixtures.ts";
import { awake, demoIncident, asOwner } from "../desk-steps.ts";

export type Screen = {
  name: string;
  /** What it is for, in a sentence without its full stop. */
  is: string;
  who: Who;
  path: string | ((desk: Desk) => Promise<string>);
  before?: (page: Page) => Promise<void>;
};

export const FOLDER = "docs/screens";
export const THEMES = ["dark", "light"] as const;
export const WIDTHS = [1280, 1920] as const;

const contained = async (desk: Desk) =>
  `/incidents/${(await demoIncident(desk, (row) => row.contained)).number}`;

/** Presses a key of the screen and waits for what it opens. */
const press = (key: string, opens: string) => async (page: Page) => {
  await awake(page);
  await page.keyboard.press(key);
  await page.getByRole("dialog", { name: opens }).waitFor();
};

/** The queue of somebody who has had the tour, as all have it but on their first day. */
const afterTour = async (desk: Desk) => {
  await asOwner(desk, (client) =>
    client.query(`INSERT INTO desk_choice (person_id, tour_ended_at) SELECT id, now() FROM person WHERE human
      ON CONFLICT (person_id) DO UPDATE SET tour_ended_at = excluded.tour_ended_at`),
  );
  return "/incidents?view=all";
};

export const SCREENS: Screen[] = [
  {
    name: "tour",
    is: "the first stop of the tour, on a first day",
    who: "analyst",
    path: "/incidents?view=all",
    before: (page) => page.getByRole("button", { name: "Take the tour" }).click(),
  },
  { name: "queue", is: "the queue of an analyst", who: "analyst", path: afterTour },
  {
    name: "new-incident",
    is: "an incident that a person opens",
    who: "analyst",
    path: "/incidents?view=all",
    before: press("i", "New incident"),
  },
  {
    name: "palette",
    is: "everything by a few letters",
    who: "analyst",
    path: "/incidents?view=all",
    before: async (page) => {
      await awake(page);
      await page.keyboard.press("ControlOrMeta+k");
      await page.getByRole("dialog").getByRole("combobox").waitFor();
    },
  },
  {
    name: "incident",
    is: "an incident: its thread beside a summary whose claims are checked",
    who: "analyst",
    path: contained,
  },
  {
    name: "add-evidence",
    is: "what no source sends, brought by a person",
    who: "analyst",
    path: contained,
    before: press("i", "Add evidence"),
  },
  {
    name: "hand-over",
    is: "an incident going to the next shift",
    who: "analyst",
    path: contained,
    before: press("h", "Hand over the incident"),
  },
  {
    name: "tasks",
    is: "what a playbook asks to be done, and what is done",
    who: "analyst",
    path: async (desk) => `${await contained(desk)}?pane=tasks`,
  },
  {
    name: "similar",
    is: "incidents that share something specific, and merging",
    who: "analyst",
    path: async (desk) => `${await contained(desk)}?pane=similar`,
  },
  ...(
    [
      ["graph", "who touched what"],
      ["processes", "which process started which"],
      ["path", "tactics over time"],
      ["matrix", "techniques that somebody named"],
    ] as const
  ).map(([look, is]): Screen => ({
    name: `picture-${look}`,
    is,
    who: "analyst",
    path: async (desk) => `${await contained(desk)}?pane=pictures&picture=${look}`,
  })),
  {
    name: "replay",
    is: "an incident as it was after any of its entries",
    who: "auditor",
    path: async (desk) => `${await contained(desk)}/replay`,
  },
  {
    name: "review",
    is: "where people overruled the model and each other",
    who: "lead",
    path: "/review",
  },
  {
    name: "trends",
    is: "figures of the review room, with their formulas",
    who: "lead",
    path: "/review/trends",
  },
  { name: "inbox", is: "what waits for a lead's signature", who: "lead", path: "/inbox" },
  { name: "notices", is: "what happened that concerns a person", who: "lead", path: "/notices" },
  { name: "runs", is: "every request to a model", who: "lead", path: "/runs" },
  { name: "trail", is: "the audit room", who: "auditor", path: "/trail" },
  { name: "exports", is: "exports of the trail", who: "auditor", path: "/exports" },
  { name: "policy", is: "what a decision needs", who: "admin", path: "/settings/policy" },
  {
    name: "clocks",
    is: "how soon an incident must be taken and decided",
    who: "admin",
    path: "/settings/clocks",
  },
  {
    name: "playbooks",
    is: "what the desk does with incidents of some types",
    who: "lead",
    path: "/settings/playbooks",
  },
  {
    name: "playbook",
    is: "one playbook, step by step, and its versions",
    who: "lead",
    path: "/settings/playbooks/Phishing",
  },
  { name: "automation", is: "what runs by itself, and its stop", who: "lead", path: "/automation" },
  {
    name: "models",
    is: "models, what they may cost and how they did",
    who: "admin",
    path: "/models",
  },
  {
    name: "responders",
    is: "the systems that carry actions out",
    who: "admin",
    path: "/responders",
  },
  { name: "retention", is: "legal holds and erasures", who: "admin", path: "/retention" },
  { name: "sources", is: "where alerts and events come from", who: "admin", path: "/sources" },
  {
    name: "verifier",
    is: "what a later verifier says of older claims",
    who: "lead",
    path: "/verifier",
  },
  { name: "account", is: "a person's own passkeys and sessions", who: "analyst", path: "/account" },
];

export const fileOf = ({ name }: Screen, width: number, theme: string) =>
  `${name}-${width}-${theme}.jpg`;
