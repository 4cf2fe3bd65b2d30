import type { Role } from "#lib/domain/people/permissions.ts";
import { may } from "#lib/domain/people/permissions.ts";
import { JumpBox } from "./jump-box.tsx";
import { KeysButton } from "./keys-button.tsx";
import { NoticeBell } from "./notice-bell.tsx";
import { PersonMenu } from "./person-menu.tsx";
import { SealState } from "./seal-state.tsx";
import { UtcClock } from "./utc-clock.tsx";

export function AppHeader({ person }: { person: { name: string; role: Role } }) {
  return (
    <header className="flex h-12 shrink-0 items-center gap-4 border-b px-3 group-data-bare/shell:hidden">
      <div className="min-w-0 flex-1">
        <JumpBox role={person.role} />
      </div>
      <SealState linked={may(person.role, "trail:read")} />
      <UtcClock />
      <KeysButton />
      {may(person.role, "notice:read") ? <NoticeBell /> : null}
      <PersonMenu person={person} />
    </header>
  );
}
