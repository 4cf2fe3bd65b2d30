import type { Metadata } from "next";
import { Account } from "#components/settings/account.tsx";
import { SESSION_HOURS, SESSION_IDLE_MINUTES } from "#lib/auth/cookie.ts";
import { requirePerson } from "#lib/auth/current-person.ts";
import { db } from "#lib/boundary/data.ts";
import { mailFrom } from "#lib/boundary/mail-from.ts";
import { noticeKindsOf } from "#lib/domain/notice/notice.ts";
import { PERMISSIONS, may, permissionSentence } from "#lib/domain/people/permissions.ts";
import { listPasskeys } from "#lib/queries/list-passkeys.ts";
import { noticeWishes } from "#lib/queries/notice-wishes.ts";
import { listSessions } from "#lib/queries/list-sessions.ts";
import { trainingSince } from "#lib/queries/review/training-mode.ts";
import { enrolmentChallenge } from "#lib/signing/relying-party.ts";

export const metadata: Metadata = { title: "Account" };

export default async function AccountPage() {
  const person = await requirePerson();
  const sessions = await listSessions(
    db(),
    { personId: person.id, sessionId: person.sessionId },
    { idleMinutes: SESSION_IDLE_MINUTES, hours: SESSION_HOURS },
  );
  const passkeys = may(person.role, "passkey:enrol") ? await listPasskeys(db(), person.id) : null;
  const wishes = may(person.role, "notice:read") ? await noticeWishes(db(), person.id) : null;
  const training = may(person.role, "training:choose")
    ? { since: await trainingSince(db(), person.id) }
    : null;
  return (
    <Account
      person={{ id: person.id, name: person.name, role: person.role }}
      rights={PERMISSIONS.filter((permission) => may(person.role, permission)).map(
        permissionSentence,
      )}
      sessions={sessions}
      passkeys={
        passkeys && {
          passkeys,
          challenge: enrolmentChallenge({
            personId: person.id,
            sessionId: person.sessionId,
          }).toString("base64url"),
        }
      }
      notices={wishes && { kinds: noticeKindsOf(person.role), wishes, sender: mailFrom() }}
      training={training}
      limits={{ idleMinutes: SESSION_IDLE_MINUTES, hours: SESSION_HOURS }}
    />
  );
}
