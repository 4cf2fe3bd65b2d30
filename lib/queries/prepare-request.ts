import { buildRepair, type RepairInput } from "#lib/copilot/build-repair.ts";
import { buildRequest, type AskedKind, type BuiltRequest } from "#lib/copilot/build-request.ts";
import { rawWindows } from "#lib/copilot/record-line.ts";
import { makeRedactor, type Redactor } from "#lib/copilot/redaction/redactor.ts";
import { withhold } from "#lib/copilot/redaction/withhold.ts";
import { withoutHidden } from "#lib/copilot/visible.ts";
import { selectEvidence } from "#lib/copilot/write-evidence.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { ModelConfig, PromptSet, Tlp } from "#lib/domain/copilot/profile.ts";
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { loadRawTexts, loadRecords, loadSensitivity } from "./load-evidence.ts";

/** The records that a request is written from. */
export type RequestEvidence = {
  /** The whole incident, by position. */
  records: EvidenceRecord[];
  capped: boolean;
  /** By source id; a source that is not in it counts as red. */
  sensitivityBySource: ReadonlyMap<string, Tlp>;
  loadTexts: (ids: string[]) => Promise<ReadonlyMap<string, string>>;
};

type Parts = {
  evidence: RequestEvidence;
  config: Pick<ModelConfig, "model" | "isLocal" | "profile">;
  prompts: PromptSet;
};
export type PrepareInput = Parts & {
  kind: AskedKind;
  question: string | null;
  fence: string;
  canary: string;
};
export type PrepareRepairInput = Parts & Pick<RepairInput, "first" | "failed">;

export type PreparedRequest = {
  request: BuiltRequest;
  redactor: Redactor;
  /** The raw texts that were read for it, by record id. */
  rawTexts: ReadonlyMap<string, string>;
};

/** The first `count` records of an incident, as a request over them was or will be written. */
export async function requestEvidence(
  db: Db,
  incidentId: string,
  count: number,
): Promise<RequestEvidence> {
  const [{ records, capped }, sensitivityBySource] = await Promise.all([
    loadRecords(db, incidentId, count),
    loadSensitivity(db, incidentId),
  ]);
  return { records, capped, sensitivityBySource, loadTexts: (ids) => loadRawTexts(db, ids) };
}

/**
 * The one way to a request over an incident, for whoever sends it, shows it beforehand or rebuilds it later: what is too
 * sensitive is withheld, the rest ranked, redacted and written. The same input gives the same bytes.
 */
export async function prepareRequest(input: PrepareInput): Promise<PreparedRequest> {
  const { evidence, kind, config, prompts, question, fence, canary } = input;
  const shown = await showable(evidence, config, question === null ? [] : [question]);
  const { records, withheld, ranked, rawTexts, redactor } = shown;
  const request = buildRequest({
    ...{ kind, config, prompts, question, fence, canary, redactor },
    ...{ records, withheld, ranked, rawTexts, capped: evidence.capped },
  });
  return { request, redactor, rawTexts };
}

/**
 * The request that sends a summary's failed claims back, in the same conversation. What was replaced in the first request
 * is replaced alike, since it is found in the same records in the same order.
 */
export async function prepareRepair(input: PrepareRepairInput): Promise<PreparedRequest> {
  const { evidence, config, prompts, first, failed } = input;
  const texts = failed.flatMap(({ claim }) => [
    claim.text,
    ...claim.citations.map(({ quote }) => quote),
  ]);
  const { withheld, rawTexts, redactor } = await showable(evidence, config, texts);
  const request = buildRepair({ config, prompts, first, failed, withheld, redactor });
  return { request, redactor, rawTexts };
}

/** What of the evidence may be shown to the model at all, and what stands in for names and secrets in it. */
async function showable(
  { records: all, sensitivityBySource, loadTexts }: RequestEvidence,
  config: Parts["config"],
  more: string[],
) {
  const { records, withheld } = withhold(all, config, sensitivityBySource);
  const ranked = selectEvidence(records, config);
  const rawTexts = await loadTexts(ranked.map(({ id }) => id));
  const redactor = await makeRedactor({
    pseudonyms: config.profile.pseudonyms,
    // of withheld records too: a person may ask about a name that only they hold
    records: all,
    shown: ranked,
    texts: ranked.flatMap(({ id }) => rawWindows(rawTexts.get(id) ?? "")),
    asked: more.map(withoutHidden),
  });
  return { records, withheld, ranked, rawTexts, redactor };
}
