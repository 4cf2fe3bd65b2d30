import { expect, test } from "vitest";
import type { SavedView, SavedViews } from "#lib/contracts/saved-views.ts";
import { queuePlace } from "./queue-place.ts";

const NIGHT: SavedView = {
  id: "a1",
  name: "Night",
  shared: false,
  owner: { id: "ana", name: "Ana", role: "analyst" },
  view: "all",
  q: 'host:"a b" é',
  sort: "sla",
  density: "dense",
  changedAt: "",
};

const given = (first: SavedViews["first"]): SavedViews => ({
  views: [NIGHT],
  first,
  tourEnded: true,
});
const night = "/incidents?saved=a1&view=all&q=host%3A%22a+b%22+%C3%A9&sort=sla";

test.each([
  ["nothing said, nothing chosen: it stays", {}, null, null],
  ["nothing said: a built-in view that was chosen", {}, { view: "mine" }, "/incidents?view=mine"],
  ["nothing said: a saved view that was chosen", {}, { savedId: "a1" }, night],
  ["a link to a saved view", { saved: "a1" }, { view: "mine" }, night],
  ["a link to one that is gone: it stays, and says so", { saved: "b2" }, { view: "mine" }, null],
  ["a saved view that was changed on the screen", { saved: "a1", view: "mine" }, null, null],
  ["whatever else the address says", { q: "" }, { view: "mine" }, null],
] as const)("%s", (_, search, first, place) => {
  expect(queuePlace(search, given(first))).toBe(place);
});
