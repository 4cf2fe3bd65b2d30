import type { Rate } from "#lib/domain/review/measures.ts";

/** A share as a bar with its interval as a line over it, from 0 to 100 per cent. The numbers stand beside it. */
export function RateBar({ rate }: { rate: NonNullable<Rate> }) {
  const [low, high, share] = [rate.low * 100, rate.high * 100, rate.share * 100];
  return (
    <svg aria-hidden viewBox="0 0 100 10" preserveAspectRatio="none" className="h-2.5 w-full">
      <rect x="0" y="0" width="100" height="10" className="fill-sunken" />
      <rect x="0" y="2" width={share} height="6" className="fill-warn" opacity="0.55" />
      <rect x={low} y="4.25" width={Math.max(0.4, high - low)} height="1.5" className="fill-text" />
    </svg>
  );
}
