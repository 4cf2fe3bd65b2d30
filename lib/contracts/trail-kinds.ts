import { isTrailKind, TRAIL_KINDS } from "#lib/trail/kinds.ts";
import type { TrailKind } from "#lib/trail/kinds.ts";

/** The kinds of entries as an auditor asks for them: by what they are about. */
export const KIND_GROUPS = [
  { id: "evidence", name: "Evidence", nouns: ["alert", "evidence"] },
  {
    id: "incidents",
    name: "Incidents",
    nouns: ["incident", "verdict", "note", "playbook", "task"],
  },
  {
    id: "models",
    name: "Models",
    nouns: ["model_run", "run", "question", "draft", "summary", "evaluation"],
  },
  { id: "claims", name: "Claims and reports", nouns: ["claim", "report"] },
  { id: "decisions", name: "Decisions", nouns: ["decision"] },
  { id: "responses", name: "Responses", nouns: ["response", "responder"] },
  {
    id: "governance",
    name: "Policy, prompts and models in force",
    nouns: ["policy", "prompt", "model", "model_config", "budget", "lesson"],
  },
  {
    id: "people",
    name: "People and sessions",
    nouns: ["person", "role", "passkey", "password", "access", "session", "source", "view"],
  },
  {
    id: "record",
    name: "The trail itself",
    nouns: ["export", "table", "checkpoint", "trail", "log", "key", "payload", "erasure", "hold"],
  },
] as const satisfies { id: string; name: string; nouns: readonly string[] }[];

/** The kinds of a group; none for what is not the name of one. */
export function kindsOfGroup(id: string): TrailKind[] {
  const group = KIND_GROUPS.find((one) => one.id === id);
  const nouns: readonly string[] = group?.nouns ?? [];
  return TRAIL_KINDS.filter((kind) => nouns.includes(nounOf(kind)));
}

/**
 * What a comma-separated list of kinds and groups asks for. A word that is neither is left out; a list of nothing else
 * keeps its first, and no entry is of it.
 */
export function kindsAsked(text: string): string[] {
  const words = text.split(",").filter((word) => word !== "");
  const kinds = words.flatMap((word) => (isTrailKind(word) ? [word] : kindsOfGroup(word)));
  return kinds.length > 0 ? [...new Set(kinds)] : words.slice(0, 1);
}

/** The group a kind stands in; of a noun nobody has placed, none. */
export function groupOfKind(kind: string): string | null {
  return (
    KIND_GROUPS.find(({ nouns }) => (nouns as readonly string[]).includes(nounOf(kind)))?.id ?? null
  );
}

/** `decision.took_effect` -> `Decision: took effect` */
export function kindWords(kind: string): string {
  const [noun = kind, past = ""] = kind.replaceAll("_", " ").split(".");
  return `${noun.charAt(0).toUpperCase()}${noun.slice(1)}${past ? `: ${past}` : ""}`;
}

function nounOf(kind: string): string {
  return kind.split(".", 1)[0] ?? kind;
}
