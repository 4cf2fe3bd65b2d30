"use client";

import { PageHead } from "#components/ui/page-head.tsx";
import type { AutomationLogPage, AutomationPageView } from "#lib/contracts/automation-views.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import { may } from "#lib/domain/people/permissions.ts";
import { AutomationDraft } from "./automation-draft.tsx";
import { AutomationEditor } from "./automation-editor.tsx";
import { AutomationLog } from "./automation-log.tsx";
import { AutomationRules } from "./automation-rules.tsx";
import { AutomationState } from "./automation-state.tsx";
import { AutomationStops } from "./automation-stops.tsx";

type Props = {
  person: PersonView;
  page: AutomationPageView;
  log: AutomationLogPage;
  isFirst: boolean;
};

/** What may run by itself, who signed for it, what stops it, and everything that ran or did not. */
export function Automation({ person, page, log, isFirst }: Props) {
  const mayStop = may(person.role, "automation:stop");
  const mayLift = may(person.role, "automation:lift");
  const mayManage = may(person.role, "automation:manage");
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex w-full max-w-[1040px] flex-col gap-7 px-6 py-6">
        <div className="flex flex-col">
          <PageHead title="Automation">
            What may run by itself: collecting from one system and, where two admins signed for it,
            isolating one endpoint. Everything wider, and every escalation, containment and closure,
            waits for people.
          </PageHead>
          <AutomationState page={page} mayStop={mayStop} mayLift={mayLift} />
        </div>
        <AutomationStops page={page} mayStop={mayStop} mayLift={mayLift} role={person.role} />
        <AutomationRules page={page} />
        {page.drafts.map((draft) => (
          <AutomationDraft
            key={draft.version}
            draft={draft}
            personId={person.id}
            mayManage={mayManage}
          />
        ))}
        {mayManage && page.inForce ? (
          <AutomationEditor
            key={page.inForce.version}
            inForce={page.inForce}
            personId={person.id}
          />
        ) : null}
        <AutomationLog page={log} isFirst={isFirst} role={person.role} />
      </div>
    </div>
  );
}
