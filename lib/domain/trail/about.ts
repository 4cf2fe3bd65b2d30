/** What an entry is about, as a place in the application. */
export type About = { href: string; words: string };

type Entry = { kind: string; incident: string | null; payload: unknown };

const PAGES: Record<string, About> = {
  policy: { href: "/settings/policy", words: "The policy" },
  automation: { href: "/automation", words: "Automation" },
  responder: { href: "/responders", words: "The responders" },
  source: { href: "/sources", words: "The sources" },
  model: { href: "/models", words: "The models" },
  model_config: { href: "/models", words: "The models" },
  evaluation: { href: "/models", words: "The models" },
  report: { href: "/reports", words: "The reports" },
  passkey: { href: "/passkeys", words: "The passkeys" },
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The most particular place first: the decision, the record, the run, then the incident. Null when no screen shows it.
 * The ids come from payloads and are put into an address only when they are ids.
 */
export function aboutOf({ kind, incident, payload }: Entry): About | null {
  const noun = kind.startsWith("policy.automation") ? "automation" : (kind.split(".", 1)[0] ?? "");
  const bag =
    typeof payload === "object" && payload !== null ? (payload as Record<string, unknown>) : {};
  const id = (key: string) => {
    const value = Object.hasOwn(bag, key) ? bag[key] : null;
    return typeof value === "string" && UUID.test(value) ? value : null;
  };
  if (incident !== null) {
    const here = `/incidents/${incident}`;
    if (noun === "decision" && id("decision"))
      return { href: `${here}/decisions/${id("decision")}`, words: "The decision" };
    if (kind === "evidence.read" && id("evidenceId"))
      return { href: `${here}?record=${id("evidenceId")}`, words: "The record" };
  }
  if (
    id("run") &&
    (noun === "model_run" || noun === "run" || noun === "question" || noun === "draft")
  )
    return { href: `/runs/${id("run")}`, words: "The run" };
  if (incident !== null) return { href: `/incidents/${incident}`, words: incident };
  return Object.hasOwn(PAGES, noun) ? (PAGES[noun] ?? null) : null;
}
