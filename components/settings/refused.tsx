import { Notice } from "#components/ui/states.tsx";

/** Every reason why it was not done. */
export function Refused({ reasons }: { reasons: readonly string[] | null }) {
  if (!reasons || reasons.length === 0) return null;
  return (
    <div role="alert">
      <Notice tone="danger">
        {reasons.map((reason) => (
          <p key={reason}>{reason}</p>
        ))}
      </Notice>
    </div>
  );
}
