import { z } from "zod";

/** What the table takes from a release of ATT&CK Enterprise: facts only, no descriptions. */
export type AttackSource = {
  /** "18.1" */
  version: string;
  /** The year of MITRE's copyright designation. */
  year: string;
  /** In the order of the matrix. */
  tactics: { id: string; shortName: string; name: string }[];
  /** By id. `tactics` are short names in the order of the matrix. */
  techniques: AttackRow[];
};

export type AttackRow = {
  id: string;
  name: string;
  tactics: string[];
  /** The id that replaced it directly; it may be revoked itself. */
  revokedBy: string | null;
  /** Deprecated, and nothing replaced it. */
  retired: boolean;
};

const flatSchema = z.object({
  _source: z.object({ version: z.string(), notice: z.string() }),
  tactics: z.array(z.object({ id: z.string(), shortname: z.string(), name: z.string() })),
  techniques: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      tactics: z.array(z.string()),
      parent: z.string().optional(),
      revoked_by: z.string().optional(),
      deprecated: z.boolean().default(false),
    }),
  ),
});

const reference = z.object({ source_name: z.string(), external_id: z.string().optional() });
const phase = z.object({ kill_chain_name: z.string(), phase_name: z.string() });
const stixObject = z.object({
  type: z.string(),
  id: z.string(),
  name: z.string().default(""),
  external_references: z.array(reference).default([]),
  kill_chain_phases: z.array(phase).default([]),
  revoked: z.boolean().default(false),
  x_mitre_deprecated: z.boolean().default(false),
  x_mitre_shortname: z.string().default(""),
  x_mitre_version: z.string().default(""),
  tactic_refs: z.array(z.string()).default([]),
  relationship_type: z.string().default(""),
  source_ref: z.string().default(""),
  target_ref: z.string().default(""),
  definition: z.object({ statement: z.string().default("") }).optional(),
});
const bundleSchema = z.object({ type: z.literal("bundle"), objects: z.array(stixObject) });
type StixObject = z.infer<typeof stixObject>;

const TECHNIQUE_ID = /^T\d{4}(?:\.\d{3})?$/;

/**
 * Reads MITRE's own STIX 2.1 bundle (`enterprise-attack.json`), or the same facts as a flat list of
 * tactics and techniques. Throws an Error that says what is missing.
 */
export function readAttack(json: string): AttackSource {
  const value: unknown = JSON.parse(json);
  const flat = flatSchema.safeParse(value);
  if (flat.success) return checked(fromFlat(flat.data));
  const bundle = bundleSchema.safeParse(value);
  if (bundle.success) return checked(fromBundle(bundle.data.objects));
  throw new Error("neither a STIX bundle of ATT&CK nor a list of its tactics and techniques");
}

function fromFlat({ _source, tactics, techniques }: z.infer<typeof flatSchema>): AttackSource {
  const odd = techniques.find(({ id, parent }) => parent !== undefined && parent !== parentOf(id));
  if (odd) throw new Error(`the parent of ${odd.id} is ${odd.parent}, which its id does not say`);
  return {
    version: _source.version,
    year: yearOf(_source.notice),
    tactics: tactics.map(({ id, shortname, name }) => ({ id, shortName: shortname, name })),
    techniques: techniques.map(({ id, name, tactics, revoked_by, deprecated }) => ({
      id,
      name,
      tactics,
      revokedBy: revoked_by ?? null,
      retired: deprecated && revoked_by === undefined,
    })),
  };
}

function fromBundle(objects: StixObject[]): AttackSource {
  const patterns = objects.filter((o) => o.type === "attack-pattern" && attackId(o) !== null);
  const idOf = new Map(patterns.map((o) => [o.id, attackId(o)!]));
  const related = (type: string) => {
    const links = objects.filter((o) => o.relationship_type === type);
    return new Map(links.map((o) => [o.source_ref, idOf.get(o.target_ref) ?? null]));
  };
  const revokedBy = related("revoked-by");
  for (const [child, parent] of related("subtechnique-of")) {
    const id = idOf.get(child);
    if (id !== undefined && parent !== parentOf(id))
      throw new Error(`the parent of ${id} is ${parent}, which its id does not say`);
  }
  const statement = objects.find((o) => o.definition?.statement)?.definition?.statement ?? "";
  return {
    version: objects.find((o) => o.type === "x-mitre-collection")?.x_mitre_version ?? "",
    year: yearOf(statement),
    tactics: tacticsOf(objects),
    techniques: patterns.map((o) => {
      const successor = o.revoked ? (revokedBy.get(o.id) ?? null) : null;
      return {
        id: attackId(o)!,
        name: o.name,
        tactics: o.kill_chain_phases
          .filter((p) => p.kill_chain_name === "mitre-attack")
          .map((p) => p.phase_name),
        revokedBy: successor,
        retired: (o.revoked || o.x_mitre_deprecated) && successor === null,
      };
    }),
  };
}

/** The tactics in the order of the matrix. */
function tacticsOf(objects: StixObject[]): AttackSource["tactics"] {
  const order = objects.find((o) => o.type === "x-mitre-matrix")?.tactic_refs ?? [];
  const place = (o: StixObject) => (order.indexOf(o.id) + order.length + 1) % (order.length + 1);
  return objects
    .filter((o) => o.type === "x-mitre-tactic" && !o.revoked && !o.x_mitre_deprecated)
    .toSorted((a, b) => place(a) - place(b))
    .map((o) => ({ id: attackId(o) ?? "", shortName: o.x_mitre_shortname, name: o.name }));
}

function attackId(o: StixObject): string | null {
  return o.external_references.find((r) => r.source_name === "mitre-attack")?.external_id ?? null;
}

/** "T1059" of "T1059.001", null for a technique. */
function parentOf(id: string): string | null {
  const dot = id.indexOf(".");
  return dot < 0 ? null : id.slice(0, dot);
}

function yearOf(notice: string): string {
  return notice.match(/\d{4}/g)?.at(-1) ?? "";
}

/** In order, and whole: what the table promises its readers. */
function checked({ version, year, tactics, techniques }: AttackSource): AttackSource {
  if (version === "") throw new Error("it does not say which version of ATT&CK it is");
  if (year === "") throw new Error("MITRE's copyright notice is not in it");
  if (tactics.length === 0 || techniques.length === 0) throw new Error("no tactics or techniques");
  const places = new Map(tactics.map(({ shortName }, at) => [shortName, at]));
  const ids = new Set(techniques.map(({ id }) => id));
  if (ids.size !== techniques.length) throw new Error("an id is there twice");
  for (const { id, name, tactics: own, revokedBy } of techniques) {
    const unknown = own.find((tactic) => !places.has(tactic));
    if (unknown !== undefined) throw new Error(`${id} has the unknown tactic ${unknown}`);
    if (!TECHNIQUE_ID.test(id)) throw new Error(`${id} is no id of a technique`);
    if (/[|;`$\\\n]/.test(name) || name === "")
      throw new Error(`the name of ${id} breaks the table`);
    if (revokedBy !== null && !ids.has(revokedBy))
      throw new Error(`${id} was replaced by ${revokedBy}, which is not there`);
  }
  const sorted = techniques.map((t) => ({
    ...t,
    tactics: t.tactics.toSorted((a, b) => places.get(a)! - places.get(b)!),
  }));
  return { version, year, tactics, techniques: sorted.toSorted((a, b) => (a.id < b.id ? -1 : 1)) };
}
