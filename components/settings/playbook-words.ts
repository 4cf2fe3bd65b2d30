import { typeWords } from "#lib/domain/decision/policy-words.ts";

export function playbookHref(name: string, query: Record<string, string | number> = {}): string {
  const search = new URLSearchParams(
    Object.entries(query).map(([key, value]) => [key, String(value)]),
  ).toString();
  return `/settings/playbooks/${encodeURIComponent(name)}${search && `?${search}`}`;
}

/** Which incidents it is for. */
export function fitWords(types: readonly string[]): string {
  return types.length === 0 ? "any incident" : types.map(typeWords).join(", ");
}

/** `7 steps`; none is a version that retired it. */
export function stepsWords(count: number): string {
  if (count === 0) return "retired";
  return count === 1 ? "1 step" : `${count} steps`;
}
