"use client";

import { endPolicy } from "#lib/actions/policy.ts";
import { POLICY_LIMITS } from "#lib/contracts/policy-inputs.ts";
import { EndVersion } from "./end-version.tsx";

/** Ends a change of the policy before its time. */
export function PolicyEnd({ version, act }: { version: number; act: "Refuse" | "Withdraw" }) {
  return (
    <EndVersion
      version={version}
      act={act}
      stays="The policy in force stays as it is."
      reasonMax={POLICY_LIMITS.reason}
      end={endPolicy}
    />
  );
}
