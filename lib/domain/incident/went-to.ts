type Split = { way: "out" | "in"; other: { number: string }; places: readonly [number, number][] };

/** The incident (INC-000012) to which the record at a place (`E7`, or 7) went; null when it stands here, or nothing is known. */
export function wentTo(splits: readonly Split[], place: number | string): string | null {
  const position = typeof place === "number" ? place : Number(place.slice(1));
  const split = splits.find(
    ({ way, places }) =>
      way === "out" && places.some(([from, to]) => from <= position && position <= to),
  );
  return split?.other.number ?? null;
}
