"use client";

import { HostileText } from "#components/marks/hostile-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { TextField } from "#components/ui/field.tsx";
import { TEXT_LIMITS } from "#lib/contracts/limits.ts";
import type { SecondReviewStatement } from "#lib/contracts/second-review-views.ts";
import { NoPasskey } from "./no-passkey.tsx";
import type { SecondReviewForm } from "./use-second-review.ts";

type Props = { shown: SecondReviewStatement; form: SecondReviewForm };

/** What a second review signs, to the letter, and the signature. */
export function ReviewSignature({ shown, form }: Props) {
  const byPassword = shown.assurance === "password";
  return (
    <>
      <section aria-label="What is signed" className="flex flex-col gap-1">
        <p className="text-xs text-dim">
          Exactly this is signed; sha256{" "}
          <span className="record text-2xs break-all">{shown.statementSha256}</span>
        </p>
        <pre
          tabIndex={0}
          className="record max-h-48 overflow-auto rounded-control border px-2.5 py-2 text-2xs wrap-anywhere whitespace-pre-wrap"
        >
          <HostileText text={shown.statement} />
        </pre>
        <Button size="sm" tone="quiet" className="self-start" onClick={form.back}>
          Change it
        </Button>
      </section>
      {byPassword ? (
        <TextField
          type="password"
          name="password"
          autoComplete="current-password"
          label="Your password"
          value={form.password}
          maxLength={TEXT_LIMITS.password}
          error={form.errors.password?.[0]}
          hint={shown.passkeys.length > 0 ? "Left empty, your passkey is asked" : undefined}
          onChange={(event) => form.setPassword(event.target.value)}
        />
      ) : null}
      {byPassword || shown.passkeys.length > 0 ? null : <NoPasskey />}
    </>
  );
}
