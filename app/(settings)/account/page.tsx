import type { Metadata } from "next";
import { Account } from "#components/settings/account.tsx";
import { SESSION_HOURS, SESSION_IDLE_MINUTES } from "#lib/auth/cookie.ts";
import { requirePerson } from "#lib/auth/current-person.ts";
import { db } from "#lib/boundary/data.ts";
import { PERMISSIONS, may, permissionSentence } from "#lib/domain/people/permissions.ts";
import { listSessions } from "#lib/queries/list-sessions.ts";

export const metadata: Metadata = { title: "Account" };

export default async function AccountPage() {
  const person = await requirePerson();
  const sessions = await listSessions(
    db(),
    { personId: person.id, sessionId: person.sessionId },
    { idleMinutes: SESSION_IDLE_MINUTES, hours: SESSION_HOURS },
  );
  return (
    <Account
      person={{ id: person.id, name: person.name, role: person.role }}
      rights={PERMISSIONS.filter((permission) => may(person.role, permission)).map(
        permissionSentence,
      )}
      sessions={sessions}
      limits={{ idleMinutes: SESSION_IDLE_MINUTES, hours: SESSION_HOURS }}
    />
  );
}
