"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { toast } from "#components/ui/toast.ts";
import {
  giveSecondReview,
  giveSecondReviewWithPasskey,
  secondReviewStatement,
} from "#lib/actions/give-second-review.ts";
import { signStatement } from "#lib/browser/passkey.ts";
import { reached } from "#lib/browser/reached.ts";
import type { SecondReviewStatement } from "#lib/contracts/second-review-views.ts";
import type { SecondReviewOutcome } from "#lib/domain/decision/second-review.ts";
import type { Reason } from "./reasons.tsx";

type Errors = Record<string, string[] | undefined>;
type Refusal = { code: string; message: string; reasons?: Reason[]; fieldErrors?: Errors };

export type SecondReviewForm = ReturnType<typeof useSecondReview>;

/** A second review as it is written, shown and signed; what was shown is signed, and a change of it is shown anew. */
export function useSecondReview(decisionId: string, onDone: () => void) {
  const router = useRouter();
  const cache = useQueryClient();
  const [outcome, setOutcome] = useState<SecondReviewOutcome | null>(null);
  const [words, setWords] = useState("");
  const [password, setPassword] = useState("");
  const [shown, setShown] = useState<SecondReviewStatement | null>(null);
  const [errors, setErrors] = useState<Errors>({});
  const [refused, setRefused] = useState<Reason[] | null>(null);
  const [pending, start] = useTransition();
  const refuse = ({ code, message, reasons, fieldErrors }: Refusal) => {
    setErrors(fieldErrors ?? {});
    setRefused(fieldErrors ? null : reasons?.length ? reasons : [{ code, sentence: message }]);
  };
  const back = () => {
    setShown(null);
    setPassword("");
    setRefused(null);
  };
  const show = () => {
    if (pending) return;
    if (outcome === null) return setErrors({ outcome: ["Uphold it or object to it."] });
    start(async () => {
      const result = await reached(secondReviewStatement({ decisionId, outcome, words }));
      if (!result.ok) return refuse(result);
      setErrors({});
      setRefused(null);
      setShown(result.data);
    });
  };
  const byPasskey = password === "" && (shown?.passkeys.length ?? 0) > 0;
  const sign = () => {
    if (pending || shown === null || outcome === null) return;
    const said = { decisionId, outcome, words };
    start(async () => {
      const result = byPasskey
        ? await signedByPasskey(shown, said)
        : await reached(
            giveSecondReview({ ...said, statementSha256: shown.statementSha256, password }),
          );
      setPassword("");
      if (!result.ok) return refuse(result);
      toast.done("The second review is given");
      back();
      onDone();
      void cache.invalidateQueries();
      router.refresh();
    });
  };
  return {
    ...{ outcome, setOutcome, words, setWords, password, setPassword, errors, refused, pending },
    ...{ shown, show, sign, back },
    verb: byPasskey ? "Sign with passkey" : "Sign second review",
    maySign: byPasskey || shown?.assurance === "password",
  };
}

async function signedByPasskey(
  { statement, passkeys }: SecondReviewStatement,
  said: { decisionId: string; outcome: SecondReviewOutcome; words: string },
) {
  const gesture = await signStatement(statement, passkeys);
  if (!gesture.ok) return { ...gesture, code: "passkey_silent" };
  return giveSecondReviewWithPasskey({ ...said, ...gesture.made });
}
