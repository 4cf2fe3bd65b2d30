import { vendorText, type Surroundings } from "./api.ts";
import { admitIndicator, type Protected } from "./block-list.ts";
import { done, fail, type Step } from "./failure.ts";
import { buildResponder, type Ask, type Checked, type Standing } from "./frame.ts";
import type { Dispatched, Responder } from "./responder.ts";

/** Where the entries are kept. Every call is about one run of a response action. */
export type BlockListStore = {
  /** `own`: this run's entry stands. `taken_off`: it stood. `other`: another run's entry of this value stands. */
  standing: (run: string, value: string) => Promise<"free" | "own" | "taken_off" | "other">;
  /** False: the list is full. */
  add: (run: string, entry: { kind: BlockKind; value: string }) => Promise<boolean>;
  remove: (run: string) => Promise<void>;
  /** Whether a firewall fetched the list since the value's entry stands in it, or since this run's was taken off. */
  isFetched: (run: string, value: string) => Promise<boolean>;
};

/** For openings that only read: settings that are tried, dry runs. */
export const NO_LIST: BlockListStore = {
  standing: async () => "free",
  add: async () => false,
  remove: async () => undefined,
  isFetched: async () => false,
};

export type BlockKind = "address" | "domain";

type Indicator = { kind: BlockKind; value: string };

const NAME = "The block list";
const CHECK_AGAIN_SECONDS = 60;
const FREE: Standing = { is: "free" };

/** A list that firewalls fetch: nothing is sent, an entry is kept until somebody comes for it. */
export function openBlockList(
  own: Protected,
  store: BlockListStore,
  { limits, now }: Surroundings = {},
): Responder {
  return buildResponder<Indicator>({
    kind: "block_list",
    name: NAME,
    limits,
    now,
    keepsKeys: true,
    capabilities: [
      {
        action: "block_indicator",
        targets: ["ip", "domain"],
        does: "The address or domain stands in the list that firewalls fetch here, until it expires.",
        undo: "Undo: the entry is taken off the list.",
        verifiedBy: "Verified when a firewall fetched the list after the entry stood in it.",
        permissions: ["the list's token, at the firewall"],
        settleSeconds: 24 * 3600,
      },
    ],
    find: async (_operation, target) => find(target, own),
    targetOf: ({ value }, asked) => ({ kind: "other", asked, id: value, name: vendorText(value) }),
    look: async (_operation, { value }, ask) => look(store, value, ask),
    send: async (_operation, indicator, ask) => {
      const { run } = ask.origin;
      if (ask.direction === "undo") await store.remove(run);
      else if (!(await store.add(run, indicator)))
        return fail("refused", "The block list is full; take entries off or let them expire.");
      return done({ externalId: run });
    },
    check: async (_operation, dispatched) => done(await check(store, dispatched)),
  });
}

function find(target: string, own: Protected): Step<Indicator> {
  const admission = admitIndicator(target, own);
  if (!admission.ok) return fail("invalid_target", admission.sentence);
  return done({ kind: admission.kind, value: admission.indicator });
}

async function look(
  store: BlockListStore,
  value: string,
  { origin: { run }, direction }: Ask,
): Promise<Step<Standing>> {
  const standing = await store.standing(run, value);
  if (direction === "undo")
    return done(standing === "own" ? FREE : { is: "found", externalId: run });
  if (standing === "own") return done({ is: "found", externalId: run });
  return done(standing === "other" ? { is: "already", externalId: run } : FREE);
}

async function check(
  store: BlockListStore,
  { origin, target, direction }: Dispatched,
): Promise<Checked> {
  const isFetched = await store.isFetched(origin.run, target.id);
  const what = direction === "undo" ? "without the entry" : "with the entry";
  return isFetched
    ? { outcome: "verified", sentence: `A firewall fetched the list ${what}.` }
    : {
        outcome: "pending",
        sentence: `No firewall has fetched the list ${what} yet.`,
        checkAgainSeconds: CHECK_AGAIN_SECONDS,
      };
}
