import type { TrailFilter } from "#lib/browser/desk-data.ts";
import type { ExportScopeInput } from "#lib/contracts/export-inputs.ts";
import { instantOf } from "./trail-params.ts";

export type ScopeKind = ExportScopeInput["kind"];
/** What stands in the form; only what its kind asks for is sent. Times as a person writes them, in UTC. */
export type ScopeDraft = {
  kind: ScopeKind;
  incident: string;
  since: string;
  until: string;
  person: string;
  model: string;
  prompt: string;
};

export const SCOPE_KIND_WORDS: Record<ScopeKind, string> = {
  log: "The whole trail",
  incident: "One incident",
  period: "A period",
  person: "One person",
  model: "One model",
  prompt: "One prompt version",
};

const EMPTY: ScopeDraft = {
  kind: "log",
  incident: "",
  since: "",
  until: "",
  person: "",
  model: "",
  prompt: "",
};

export function incidentDraft(incident: string): ScopeDraft {
  return { ...EMPTY, kind: incident ? "incident" : "log", incident };
}

/** The scope that a search of the trail comes nearest to; `isNarrower`: the search asks for more than a scope can. */
export function draftOfFilter(filter: TrailFilter): { draft: ScopeDraft; isNarrower: boolean } {
  const { incident, model, prompt, from: since, to: until } = filter;
  const person = filter.actor.startsWith("person:") ? filter.actor.slice("person:".length) : "";
  const given = { ...EMPTY, incident, model, prompt, since, until, person };
  const kind = incident
    ? "incident"
    : person
      ? "person"
      : model
        ? "model"
        : prompt
          ? "prompt"
          : since || until
            ? "period"
            : "log";
  const used = { log: [], period: ["from", "to"], person: ["actor"] } as Record<string, string[]>;
  const isNarrower = Object.entries(filter).some(
    ([name, value]) => value !== "" && !(used[kind] ?? [kind]).includes(name),
  );
  return { draft: { ...given, kind }, isNarrower };
}

/** What is sent. What is no time is sent as it is, so that the answer says what is wrong with it. */
export function scopeInput(draft: ScopeDraft): ExportScopeInput {
  const { kind, incident, since, until, person, model, prompt } = draft;
  switch (kind) {
    case "log":
      return { kind };
    case "incident":
      return { kind, incident };
    case "period":
      return { kind, since: instantOf(since) || since, until: instantOf(until) || until };
    case "person":
      return { kind, person };
    case "model":
      return { kind, model };
    case "prompt":
      return { kind, prompt };
  }
}
