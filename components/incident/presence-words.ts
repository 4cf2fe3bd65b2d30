import type { PersonView } from "#lib/contracts/views.ts";

/** `Ana`, `Ana and Bo (auditor)`, `Ana, Bo and 2 more`: who reads along without working is said to. */
export function presentNames(people: readonly PersonView[]): string {
  const names = people.map(({ name, role }) => (role === "auditor" ? `${name} (auditor)` : name));
  if (names.length > 3) return `${names.slice(0, 2).join(", ")} and ${names.length - 2} more`;
  const last = names.at(-1) ?? "";
  return names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${last}` : last;
}

/** `1 other is here`, `3 others are here` */
export function presentWords(count: number): string {
  return count === 1 ? "1 other is here" : `${count} others are here`;
}
