/** Our mark: two strokes that meet, a sign and its countersign. Decorative. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg
      aria-hidden
      viewBox="0 0 24 24"
      className={className}
      fill="none"
      strokeWidth="2.2"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d="M3.5 12.5 8.5 18 14 6" stroke="currentColor" />
      <path d="m10 14.5 3.2 3.5L20.5 6" stroke="var(--accent)" />
    </svg>
  );
}
