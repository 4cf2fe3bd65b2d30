import { Prisma } from "#lib/db/generated/client.ts";

/**
 * The records of an incident as they stood while `upTo` leaves were under its root, with their places then, as a
 * relation of `evidence_item`'s columns: a record that went by a later split is among them, one that was away just then
 * is not. Places from `after` on, which is left out.
 */
export function stoodAt(incidentId: string, upTo: number, after = 0, last = upTo): Prisma.Sql {
  return Prisma.sql`(
    SELECT e.id, e.position, e.kind, e.format, e.source_id, e.time, e.time_quality, e.received_at, e.severity, e.title, e.fields,
           e.record_key, e.raw_sha256, e.observables
    FROM evidence_item e
    WHERE e.incident_id = ${incidentId}::uuid AND e.position > ${after}::int AND e.position <= ${last}::int
      AND NOT EXISTS (
        SELECT FROM evidence_departure d JOIN incident_split p ON p.id = d.split_id JOIN incident_unsplit u ON u.split_id = p.id
        WHERE d.evidence_item_id = e.id AND d.incident_id = ${incidentId}::uuid AND p.position <= ${upTo}::int AND u.position > ${upTo}::int)
    UNION ALL
    SELECT e.id, d.position, e.kind, e.format, e.source_id, e.time, e.time_quality, e.received_at, e.severity, e.title, e.fields,
           e.record_key, e.raw_sha256, e.observables
    FROM evidence_departure d JOIN incident_split p ON p.id = d.split_id JOIN evidence_item e ON e.id = d.evidence_item_id
    WHERE d.incident_id = ${incidentId}::uuid AND d.position > ${after}::int AND d.position <= ${last}::int AND p.position > ${upTo}::int
      AND NOT EXISTS (SELECT FROM incident_unsplit u WHERE u.split_id = p.id))`;
}
