"use client";

import dynamic from "next/dynamic";
import { Check, Flag, Link2, PencilLine, X } from "lucide-react";
import { useState, useTransition } from "react";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { cx } from "#components/ui/cx.ts";
import { IconButton } from "#components/ui/icon-button.tsx";
import { later, soon } from "#components/ui/later.tsx";
import { toast } from "#components/ui/toast.ts";
import { reviewClaim } from "#lib/actions/review-claim.ts";
import { reached } from "#lib/browser/reached.ts";
import type { ClaimView } from "#lib/contracts/views.ts";
import { claimAsText } from "./claim-text.ts";
import { useSummaryLinks } from "./summary-links.tsx";

const ReportDialog = later(
  dynamic(soon(async () => (await import("./report-dialog.tsx")).ReportDialog)),
);
const ReviewDialog = later(
  dynamic(soon(async () => (await import("./review-dialog.tsx")).ReviewDialog)),
);

type Props = { claim: ClaimView; active: boolean };

/** What can be done with a claim. It stays out of sight until the claim is looked at, never out of reach. */
export function ClaimActs({ claim, active }: Props) {
  const { canReview, incidentNumber, claimHref } = useSummaryLinks();
  const path = claimHref?.(claim) ?? `/incidents/${incidentNumber}?claim=${claim.id}`;
  const href = () => new URL(path, window.location.href).href;
  const name = `claim ${claim.ordinal + 1}`;
  return (
    <span
      className={cx(
        // Where there is no room beside the words they take a line of their own, for the claim in hand only.
        "ml-auto items-center justify-end transition-opacity @min-[440px]/claims:flex @min-[440px]/claims:basis-auto",
        active
          ? "flex basis-full"
          : "hidden opacity-0 group-focus-within/claim:opacity-100 group-hover/claim:opacity-100",
      )}
    >
      <CopyButton
        what={`link to ${name}`}
        value={href}
        icon={<Link2 className="size-3.5" strokeWidth={1.5} aria-hidden />}
      />
      <CopyButton
        what={`${name} with its citations`}
        value={() => claimAsText(claim, { incidentNumber, href: href() })}
      />
      <ReportAct claim={claim} />
      {canReview ? <ReviewActs claim={claim} /> : null}
    </span>
  );
}

/** For what a model says: into the register of what it got wrong. */
function ReportAct({ claim }: Pick<Props, "claim">) {
  const { reportOf } = useSummaryLinks();
  const [open, setOpen] = useState(false);
  const of = reportOf?.(claim);
  if (!of) return null;
  return (
    <>
      <IconButton
        size="sm"
        data-act="report"
        label={`Report claim ${claim.ordinal + 1}`}
        icon={<Flag className="size-3.5" strokeWidth={1.5} aria-hidden />}
        onClick={() => setOpen(true)}
      />
      {open ? <ReportDialog of={of} text={claim.text} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

/** Accept, dispute, correct. */
function ReviewActs({ claim }: Pick<Props, "claim">) {
  const { onReviewed } = useSummaryLinks();
  const [dialog, setDialog] = useState<"disputed" | "corrected" | null>(null);
  const [pending, start] = useTransition();
  const last = claim.reviews.at(-1)?.outcome;
  const accept = () =>
    start(async () => {
      const result = await reached(reviewClaim({ claimId: claim.id, outcome: "accepted" }));
      if (result.ok) onReviewed();
      else toast.failed("The claim was not accepted", { detail: result.message });
    });
  return (
    <>
      <IconButton
        size="sm"
        data-act="accept"
        label={`Accept claim ${claim.ordinal + 1}`}
        keys="y"
        pressed={last === "accepted"}
        pending={pending}
        icon={<Check className="size-3.5" strokeWidth={1.75} aria-hidden />}
        onClick={accept}
      />
      <IconButton
        size="sm"
        data-act="dispute"
        label={`Dispute claim ${claim.ordinal + 1}`}
        keys="d"
        pressed={last === "disputed"}
        icon={<X className="size-3.5" strokeWidth={1.75} aria-hidden />}
        onClick={() => setDialog("disputed")}
      />
      <IconButton
        size="sm"
        data-act="correct"
        label={`Correct claim ${claim.ordinal + 1}`}
        keys="r"
        pressed={last === "corrected"}
        icon={<PencilLine className="size-3.5" strokeWidth={1.5} aria-hidden />}
        onClick={() => setDialog("corrected")}
      />
      {dialog ? (
        <ReviewDialog
          claim={claim}
          outcome={dialog}
          onClose={() => setDialog(null)}
          onReviewed={onReviewed}
        />
      ) : null}
    </>
  );
}
