import { HostileText } from "#components/marks/hostile-text.tsx";
import { SentenceText } from "#components/marks/sentence-text.tsx";
import { DecisionBadge } from "#components/marks/status-mark.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import type { DecisionAccountView } from "#lib/contracts/account-views.ts";
import { DECISION_WORDS } from "#lib/domain/decision/words.ts";
import { CertificateLink } from "./certificate-link.tsx";
import { ControlReferences } from "./control-references.tsx";
import { PrintButton } from "./print-button.tsx";

/** Why a decision came about and what became of it, in sentences made of rows, for the screen and for paper. */
export function DecisionAccount({ account }: { account: DecisionAccountView }) {
  const { decision, title, sections, answers, erased, certificate } = account;
  const { incidentNumber: number, id, kind, state } = decision;
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <article className="mx-auto flex max-w-[1180px] flex-col gap-5 px-5 py-5">
        <header className="flex flex-wrap items-start gap-x-4 gap-y-2">
          <div className="min-w-0 flex-1 basis-96">
            <h1 className="text-xl font-semibold">
              Reasons of the {DECISION_WORDS[kind].toLowerCase()} of {number}
            </h1>
            <p className="text-dim wrap-anywhere">
              <HostileText text={title} />
            </p>
            <DecisionBadge kind={kind} state={state} className="mt-1" />
          </div>
          <div data-screen className="flex flex-wrap items-center gap-2">
            <ButtonLink tone="quiet" href={`/incidents/${number}/decisions/${id}`}>
              The decision
            </ButtonLink>
            <ButtonLink tone="quiet" href={`/incidents/${number}/replay`}>
              Replay
            </ButtonLink>
            <CertificateLink id={id} state={certificate} />
            <PrintButton />
          </div>
        </header>
        <div className="grid items-start gap-x-10 gap-y-6 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)] print:block">
          <div className="flex min-w-0 flex-col gap-4">
            {sections.map(({ heading, sentences }) => (
              <section key={heading} aria-label={heading}>
                <h2 className="mb-1 font-semibold">{heading}</h2>
                {sentences.map((sentence, place) => (
                  <p
                    // Two sentences of a section may read the same; their order is all that tells them apart.
                    key={place}
                    className="max-w-[80ch] pb-1 text-sm leading-relaxed wrap-anywhere"
                  >
                    <SentenceText sentence={sentence} />
                  </p>
                ))}
              </section>
            ))}
          </div>
          <ControlReferences answers={answers} erased={erased} />
        </div>
      </article>
    </div>
  );
}
