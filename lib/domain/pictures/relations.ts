/** What two fields of one record say about the entities they name. */
import type { FieldName } from "#lib/domain/evidence/fields.ts";

export const ENTITY_TYPES = [
  "email",
  "ip",
  "user",
  "host",
  "process",
  "file",
  "hash",
  "registry",
  "cloud",
  "domain",
] as const;
export type EntityType = (typeof ENTITY_TYPES)[number];

export type Relation = {
  from: { type: EntityType; field: FieldName };
  verb: string;
  to: { type: EntityType; field: FieldName };
  /** Left out for records that have this field: they say it more closely in another relation. */
  unless?: FieldName;
};

function relation(
  [fromType, fromField]: [EntityType, FieldName],
  verb: string,
  [toType, toField]: [EntityType, FieldName],
  unless?: FieldName,
): Relation {
  const ends = {
    from: { type: fromType, field: fromField },
    verb,
    to: { type: toType, field: toField },
  };
  return unless === undefined ? ends : { ...ends, unless };
}

/** Verbs say no more than that both stand in one record in these roles. */
export const RELATIONS: readonly Relation[] = [
  relation(["email", "email.from"], "wrote to", ["email", "email.to"]),
  relation(["ip", "source.ip"], "acted as", ["user", "user"]),
  relation(["ip", "source.ip"], "tried", ["user", "target.user"], "user"),
  relation(["ip", "source.ip"], "reached", ["host", "host"]),
  relation(["ip", "source.ip"], "connected to", ["ip", "destination.ip"], "host"),
  relation(["user", "user"], "acted on", ["user", "target.user"]),
  relation(["user", "user"], "on", ["host", "host"]),
  relation(["user", "user"], "used", ["cloud", "cloud.resource"]),
  relation(["host", "host"], "ran", ["process", "process.name"]),
  relation(["process", "parent.name"], "started", ["process", "process.name"]),
  relation(["process", "process.name"], "touched", ["file", "file.path"]),
  relation(["host", "host"], "held", ["file", "file.path"], "process.name"),
  relation(["process", "process.name"], "with hash", ["hash", "hash.sha256"]),
  relation(["process", "process.name"], "touched", ["registry", "registry.key"]),
  relation(["process", "process.name"], "connected to", ["ip", "destination.ip"]),
  relation(["host", "host"], "connected to", ["ip", "destination.ip"], "process.name"),
  relation(["process", "process.name"], "asked for", ["domain", "dns.question"]),
  relation(["host", "host"], "asked for", ["domain", "dns.question"], "process.name"),
  relation(["host", "host"], "asked for", ["domain", "url.domain"]),
];
