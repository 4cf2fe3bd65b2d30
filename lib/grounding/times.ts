import type { Entity } from "./entities.ts";
import { type Moment, momentCovers } from "./instants.ts";
import { isTaken, mark } from "./marks.ts";
import { type Clock, FORMS, isoClockAt, type TimePiece } from "./time-forms.ts";

const DAY = 86_400_000;
/** What may stand between a date and its clock, a clock and its date, and the two ends of a range. */
const TO_CLOCK = /^(?:,? at |,? @ ?|, ?|,? {1,2}|T|:)$/i;
const TO_DATE = /^,? (?:(?:on|of) (?:the )?)?$/i;
const TO_END = /^ ?(?:-|to|until|till|through|up to|and) ?(?:about )?$/i;
const DATE_TO_CLOCKS = /^,? (?:between|from) $/i;
const LASTS = /\b(?:for|lasting|lasted|duration(?: of)?|took|takes|elapsed|runtime(?: of)?)[ :]$/i;

/**
 * Times in every form that logs and reports have, from ISO 8601 to FILETIME, each at its stated
 * precision and zone. A date and a clock that belong together are one; a range is two.
 */
export function findTimes(text: string, taken: Uint8Array): Entity[] {
  if (!/\d/.test(text)) return [];
  const pieces = joinRanges(text, joinClocks(text, findPieces(text, taken)));
  return pieces.map(({ piece, range }) => {
    const local = / local(?: time)?$/i.exec(text.slice(piece.start, piece.end))?.[0].length ?? 0;
    piece.end -= local;
    mark(taken, piece.start, piece.end);
    const zone = piece.clock && Number.isNaN(piece.clock.zone ?? 0);
    return {
      type: "time" as const,
      text: text.slice(piece.start, piece.end),
      start: piece.start,
      end: piece.end,
      when: momentOf(piece),
      ...(range ? { range } : {}),
      ...(zone ? { zone: "unknown" as const } : {}),
    };
  });
}

/** Whether a time entity names the instant `ms`: by its stretch, or by the time of day alone. */
export function timeCovers(entity: Entity, ms: number): boolean {
  const when = entity.when ?? findTimes(entity.text, new Uint8Array(entity.text.length))[0]?.when;
  return when !== undefined && momentCovers(when, ms);
}

function findPieces(text: string, taken: Uint8Array): TimePiece[] {
  const own = Uint8Array.from(taken);
  const pieces: TimePiece[] = [];
  for (const [regex, read, needs] of FORMS) {
    if (!needs.test(text)) continue;
    for (const match of text.matchAll(regex)) {
      const start = match.index;
      let end = start + match[0].trimEnd().length;
      if (isTaken(own, start, end)) continue;
      const made = read(match, text);
      if (!made || (made.clock && made.dates === null && isLength(text, start, made.clock)))
        continue;
      const iso = made.dates && !made.clock ? isoClockAt(text, end) : null;
      if (iso) {
        made.clock = iso.clock;
        end = iso.end;
      }
      mark(own, start, end);
      pieces.push({ ...made, start, end });
    }
  }
  return pieces.toSorted((a, b) => a.start - b.start);
}

/** "for 00:05:30" is how long, not when. */
function isLength(text: string, start: number, { zone, meridiem, width }: Clock): boolean {
  if (zone !== null || meridiem || width >= 60_000) return false;
  return LASTS.test(text.slice(Math.max(0, start - 16), start));
}

function joinClocks(text: string, pieces: TimePiece[]): TimePiece[] {
  const out: TimePiece[] = [];
  for (const piece of pieces) {
    const before = out.at(-1);
    const gap = before ? text.slice(before.end, piece.start) : "";
    if (before && joins(before, piece, gap)) {
      before.dates ??= piece.dates;
      before.clock ??= piece.clock;
      before.end = piece.end;
    } else out.push({ ...piece });
    absorbYear(text, out.at(-1));
  }
  return out;
}

function joins(a: TimePiece, b: TimePiece, gap: string): boolean {
  if (a.moment || b.moment || gap.length > 9) return false;
  if (a.dates && !a.clock && b.clock && !b.dates) return TO_CLOCK.test(gap) && isDay(a);
  return Boolean(a.clock && !a.dates && b.dates && !b.clock && TO_DATE.test(gap) && isDay(b));
}

function isDay(piece: TimePiece): boolean {
  return piece.dates?.every((d) => d.day !== null) ?? false;
}

/** ctime puts the year behind the clock: "Thu Mar 12 02:14:07 UTC 2026". */
function absorbYear(text: string, piece: TimePiece | undefined): void {
  if (!piece?.clock || !piece.dates?.some((d) => d.year === null)) return;
  const m = /^ ((?:19|20)\d{2})(?![\d:]|[.,]\d|[a-z])/i.exec(text.slice(piece.end, piece.end + 7));
  if (!m) return;
  piece.end += m[0].length;
  piece.dates = piece.dates.map((d) => ({ ...d, year: Number(m[1]) }));
}

type Ranged = { piece: TimePiece; range?: "start" | "end" };

/** "between A and B", "from A to B", "A-B": what one end leaves out, the other tells. */
function joinRanges(text: string, pieces: TimePiece[]): Ranged[] {
  const out: Ranged[] = pieces.map((piece) => ({ piece }));
  out.forEach((from, i) => {
    const to = out[i + 1];
    const gap = to ? text.slice(from.piece.end, to.piece.start) : "";
    if (to && !from.piece.clock && from.piece.dates && to.piece.clock && !to.piece.dates) {
      if (DATE_TO_CLOCKS.test(gap)) to.piece.dates = from.piece.dates;
      return;
    }
    if (!to || !TO_END.test(gap)) return;
    const before = text.slice(Math.max(0, from.piece.start - 12), from.piece.start);
    if (/and/i.test(gap) && !/\bbetween (?:about )?$/i.test(before)) return;
    from.range = "start";
    to.range = "end";
    share(from.piece, to.piece);
  });
  return out;
}

function share(from: TimePiece, to: TimePiece): void {
  if (from.clock && to.clock) {
    if (!from.dates) from.dates = to.dates;
    else if (!to.dates) to.dates = from.dates;
    const [a, b] = [from.clock, to.clock];
    from.clock = { ...a, zone: a.zone ?? b.zone };
    to.clock = { ...b, zone: b.zone ?? a.zone };
    if (a.hours12 && b.meridiem && a.start < DAY / 2 && b.start >= DAY / 2)
      from.clock.start = (a.start % (DAY / 2)) + DAY / 2;
  }
  if (!from.clock && !to.clock && from.dates && to.dates) {
    const year = to.dates[0]?.year ?? null;
    from.dates = from.dates.map((d) => ({ ...d, year: d.year ?? year }));
  }
}

function momentOf({ dates, clock, moment }: TimePiece): Moment {
  if (moment) return moment;
  const zone = clock?.zone ?? null;
  const nowhere = Number.isNaN(zone ?? 0) || dates?.length === 0;
  return {
    dates: dates ?? [],
    start: clock?.start ?? 0,
    // A stretch of no width names no instant.
    width: nowhere ? 0 : (clock?.width ?? DAY),
    zone: Number.isNaN(zone ?? 0) ? 0 : (zone ?? 0),
    zoneStated: zone !== null,
  };
}
