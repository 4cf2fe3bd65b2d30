"use client";

import { toast } from "#components/ui/toast.ts";
import { signPolicy } from "#lib/actions/policy.ts";
import type { PolicyVersionPageView } from "#lib/contracts/policy-views.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import { policySentences } from "#lib/domain/decision/policy-words.ts";
import { PasswordSign } from "./password-sign.tsx";

type Props = { version: PolicyVersionPageView; person: PersonView };

/** The second admin's signature, over the same statement. */
export function PolicySecond({ version, person }: Props) {
  const { statement, statementSha256 } = version;
  if (!statement || !statementSha256 || !policySentences(statement, version.version)) return null;
  return (
    <PasswordSign
      as={person.role}
      meaning="I have read what gets weaker, and I answer for it beside the admin who proposed it."
      send={(password) => signPolicy({ version: version.version, statementSha256, password })}
      onSigned={() => toast.done(`Version ${version.version} is signed; it now waits for its time`)}
    />
  );
}
