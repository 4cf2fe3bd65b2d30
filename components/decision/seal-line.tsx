"use client";

import { CopyButton } from "#components/ui/copy-button.tsx";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { Popover } from "#components/ui/popover.tsx";
import { ExactTime } from "#components/ui/relative-time.tsx";
import { PersonText, SealGlyph } from "#components/marks/voices.tsx";
import type { SignOffView } from "#lib/contracts/views.ts";
import { VOID_WORDS } from "./needed-words.ts";

type Props = { signOff: SignOffView; statementSha256: string };

/** One signature: name, role, time, assurance, and a small seal that opens what it binds. */
export function SealLine({ signOff, statementSha256 }: Props) {
  const approved = signOff.outcome === "approved";
  return (
    <PersonText
      name={signOff.person.name}
      role={signOff.person.role}
      when={<ExactTime at={signOff.at} className="text-faint" />}
      aside={
        <>
          <span className={!approved ? "text-danger" : signOff.void ? "text-dim" : "text-ok"}>
            {approved ? "signed" : "rejected"}
          </span>
          <span className="text-faint">by {signOff.assurance}</span>
          {signOff.void ? <span className="text-warn">{VOID_WORDS[signOff.void]}</span> : null}
          <Popover
            title="What this signature binds"
            trigger={
              <button
                type="button"
                aria-label={`Seal of ${signOff.person.name}`}
                className="inline-flex size-5 items-center justify-center rounded-control text-accent hover:bg-hover"
              >
                <SealGlyph className="size-3.5" />
              </button>
            }
          >
            <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 text-xs">
              <dt className="text-faint">Statement SHA-256</dt>
              <dd className="flex items-start gap-1">
                <span className="record break-all">{statementSha256}</span>
                <CopyButton value={statementSha256} what="statement SHA-256" />
              </dd>
              <dt className="text-faint">Assurance</dt>
              <dd>
                {signOff.assurance === "password"
                  ? "Password entered again for this statement"
                  : "Passkey over the statement, verified before it was stored"}
              </dd>
              <dt className="text-faint">Sign-off</dt>
              <dd className="record break-all">{signOff.id}</dd>
            </dl>
          </Popover>
        </>
      }
    >
      {signOff.reason ? (
        <p className="text-dim">
          <HostileText text={signOff.reason} lines />
        </p>
      ) : null}
    </PersonText>
  );
}
