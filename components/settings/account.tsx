import type { ReactNode } from "react";
import { Avatar, ROLE_WORDS } from "#components/marks/person-chip.tsx";
import type { SessionView } from "#lib/contracts/session-view.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import { Looks } from "./looks.tsx";
import { NoticeWishes, type NoticeWishesProps } from "./notice-wishes.tsx";
import { PageHead } from "#components/ui/page-head.tsx";
import { Passkeys, type PasskeysProps } from "./passkeys.tsx";
import { Sessions } from "./sessions.tsx";
import { TrainingMode } from "./training-mode.tsx";

type Props = {
  person: PersonView;
  /** What the person's role may do, one sentence each. */
  rights: string[];
  sessions: SessionView[];
  /** Null for who signs nothing. */
  passkeys: Omit<PasskeysProps, "person"> | null;
  /** Null for who gets none. */
  notices: NoticeWishesProps | null;
  /** Null for who decides nothing. */
  training: { since: string | null } | null;
  limits: { idleMinutes: number; hours: number };
};

export function Account(props: Props) {
  const { person, rights, sessions, passkeys, notices, training, limits } = props;
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto w-full max-w-[880px] px-6 py-6">
        <PageHead title="Account">
          What this desk knows about you, where you are signed in, and how your screens look.
        </PageHead>
        <Section title="You">
          <div className="flex items-center gap-3">
            <Avatar name={person.name} size="md" />
            <div>
              <p className="font-medium">{person.name}</p>
              <p className="text-xs text-dim">{ROLE_WORDS[person.role]}</p>
            </div>
          </div>
          <details className="text-sm">
            <summary className="text-dim hover:text-text">
              What a person in this role may do
            </summary>
            <ul className="mt-2 flex list-disc flex-col gap-0.5 pl-5 text-dim">
              {rights.map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
          </details>
        </Section>
        {passkeys ? (
          <Section
            title="Passkeys"
            note="What you sign decisions with, where the policy asks for more than your password."
          >
            <Passkeys person={person} {...passkeys} />
          </Section>
        ) : null}
        {training ? (
          <Section
            title="Training mode"
            note="In the review room leads see what the desk did as a whole. They see what one person did only of whoever lets them."
          >
            <TrainingMode since={training.since} />
          </Section>
        ) : null}
        {notices ? (
          <Section
            title="Notices by mail"
            note="A mail says what happened and where to look; nothing of the evidence is in it."
          >
            <NoticeWishes {...notices} />
          </Section>
        ) : null}
        <Section title="Looks">
          <Looks />
        </Section>
        <Section
          title="Sessions"
          note={`A session ends after ${limits.idleMinutes} minutes without use and after ${limits.hours} hours at the latest.`}
        >
          <Sessions sessions={sessions} />
        </Section>
      </div>
    </div>
  );
}

function Section({ title, note, children }: { title: string; note?: string; children: ReactNode }) {
  return (
    <section className="grid gap-x-8 gap-y-3 border-t py-5 md:grid-cols-[200px_1fr]">
      <div className="flex flex-col gap-1">
        <h2 className="font-semibold">{title}</h2>
        {note ? <p className="text-xs text-dim">{note}</p> : null}
      </div>
      <div className="flex min-w-0 flex-col gap-3">{children}</div>
    </section>
  );
}
