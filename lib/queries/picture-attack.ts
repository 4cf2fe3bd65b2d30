import type { AttackView, TaggedRecordView } from "#lib/contracts/picture-views.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";
import {
  currentTechnique,
  fullTechniqueName,
  isTactic,
  tacticName,
} from "#lib/grounding/attack-table.ts";
import { ATTACK_TACTICS } from "#lib/grounding/attack-techniques.ts";
import { iso } from "./shape.ts";

export const TAGGED_MAX = 2_000;
const CLAIMS_MAX = 500;
const TEXT_MAX = 300;

type Row = {
  id: string;
  position: number;
  time: Date | null;
  severity: Severity | null;
  title: string;
  source: string;
  techniques: string[] | null;
  tactics: string[] | null;
};

/**
 * The records that sources tagged with techniques or tactics of ATT&CK, the earliest first, and the techniques that
 * claims of the incident's summaries name. Two statements.
 */
export async function pictureAttack(
  db: Db,
  incidentId: string,
  most = TAGGED_MAX,
): Promise<AttackView> {
  const [rows, claims] = await Promise.all([
    readTagged(db, incidentId, most),
    db.$queryRaw<{ id: string; text: string }[]>`
      SELECT c.id, c.text FROM summary s JOIN claim c ON c.summary_id = s.id
      WHERE s.incident_id = ${incidentId}::uuid AND c.text ~ '\\mT[0-9]{4}'
      ORDER BY s.id DESC, c.ordinal LIMIT ${CLAIMS_MAX}::int`,
  ]);
  return {
    tactics: ATTACK_TACTICS.map(([, id, name]) => ({ id, name })),
    records: rows.slice(0, most).map(asTagged),
    named: namedBy(claims),
    capped: rows.length > most,
  };
}

function readTagged(db: Db, incidentId: string, most: number): Promise<Row[]> {
  return db.$queryRaw<Row[]>`
    SELECT e.id, e.position, e.time, e.severity, left(e.title, ${TEXT_MAX}::int) AS title, s.name AS source,
           (SELECT array_agg(x #>> '{}') FROM jsonb_path_query(e.fields -> 'technique', '$[*]') x) AS techniques,
           (SELECT array_agg(x #>> '{}') FROM jsonb_path_query(e.fields -> 'tactic', '$[*]') x) AS tactics
    FROM evidence_item e JOIN source s ON s.id = e.source_id
    WHERE e.incident_id = ${incidentId}::uuid AND e.kind <> 'incident' AND e.fields ?| ARRAY['technique', 'tactic']
    ORDER BY e.time NULLS LAST, e.position LIMIT ${most + 1}::int`;
}

function asTagged({ time, techniques, tactics, ...row }: Row): TaggedRecordView {
  const named = [...new Set(techniques ?? [])].map(techniqueOf);
  const alone = (tactics ?? []).flatMap((word) => shortTactic(word) ?? []);
  return {
    ...row,
    time: iso(time),
    techniques: named,
    tactics: [...new Set([...named.flatMap((technique) => technique.tactics), ...alone])],
  };
}

function techniqueOf(id: string): { id: string; name: string; tactics: string[] } {
  const technique = currentTechnique(id);
  if (!technique) return { id: id.slice(0, 40), name: id.slice(0, 40), tactics: [] };
  return { id: technique.id, name: fullTechniqueName(technique), tactics: technique.tactics };
}

/** A source writes "TA0006", "Credential Access" or "credential-access". */
function shortTactic(word: string): string | null {
  const name = tacticName(word) ?? word;
  const short = name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_]+/g, "-");
  return isTactic(short) ? short : null;
}

function namedBy(claims: readonly { id: string; text: string }[]): AttackView["named"] {
  const named = new Map<string, AttackView["named"][number]>();
  for (const { id, text } of claims)
    for (const [word] of text.matchAll(/\bT\d{4}(?:\.\d{3})?\b/g)) {
      const technique = techniqueOf(word);
      const known = named.get(technique.id) ?? { ...technique, claimIds: [] };
      if (!known.claimIds.includes(id)) known.claimIds.push(id);
      named.set(technique.id, known);
    }
  return [...named.values()];
}
