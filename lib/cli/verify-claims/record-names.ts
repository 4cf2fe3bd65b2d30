import { parseRecord } from "#lib/connectors/sources/record-json.ts";

/** Keys under which systems put a record's own id, without separators and case. */
const ID_KEYS = new Set([
  "id",
  "uid",
  "uuid",
  "alertid",
  "recordid",
  "systemalertid",
  "recordnumber",
  "eventrecordid",
  "incidentnumber",
  "incidentname",
]);

/** "E12", in any case. */
export function isLabel(id: string): boolean {
  return /^\s*e\d+\s*$/i.test(id);
}

/** What a record may be cited by beside its number. A name that two records have leads to neither. */
export class RecordNames {
  readonly #labels = new Map<string, string | null>();

  add(id: string | null, label: string): void {
    if (id === null || id === "" || isLabel(id)) return;
    const known = this.#labels.get(id);
    if (known === undefined) this.#labels.set(id, label);
    else if (known !== label) this.#labels.set(id, null);
  }

  /** The number of a record that came twice leads to the one that is counted. */
  same(label: string, counted: string): void {
    this.#labels.set(label, counted);
  }

  find(id: string): string | null {
    const name = id.trim();
    return this.#labels.get(isLabel(name) ? name.toUpperCase() : name) ?? null;
  }
}

/** The ids a record gives itself at its top level: "a-1" of `{"id":"a-1"}`. */
export function ownIds(raw: Uint8Array): string[] {
  const parsed = parseRecord(raw);
  if (!parsed.ok) return [];
  return Object.entries(parsed.value).flatMap(([key, value]) => {
    if (!ID_KEYS.has(key.toLowerCase().replaceAll(/[^a-z]/g, ""))) return [];
    return typeof value === "string" || typeof value === "number" ? String(value) : [];
  });
}
