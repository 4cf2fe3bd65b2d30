import { FileText } from "lucide-react";
import { buttonLook } from "#components/ui/button.tsx";
import type { CertificateState } from "#lib/domain/decision/account.ts";

const WAITING: Record<Exclude<CertificateState, "ready" | "open">, string> = {
  not_sealed: "Certificate after the next checkpoint, within a minute",
  erased: "No certificate: erased",
  cut_off: "No certificate: too many entries came after it",
};

/** Takes the certificate of a decision away, or says why there is none; of an open one nothing is said. */
export function CertificateLink({ id, state }: { id: string; state: CertificateState }) {
  if (state === "open") return null;
  if (state !== "ready") return <span className="text-xs text-dim">{WAITING[state]}</span>;
  return (
    // No `download`: a refusal is then read as the page that it is.
    <a href={`/api/decisions/${id}/certificate`} className={buttonLook({ tone: "default" })}>
      <FileText className="size-3.5" strokeWidth={1.5} aria-hidden />
      Certificate (PDF)
    </a>
  );
}
