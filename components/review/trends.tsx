import { ChartColumn } from "lucide-react";
import type { ReactNode } from "react";
import { ButtonLink } from "#components/ui/button.tsx";
import { PageHead } from "#components/ui/page-head.tsx";
import { EmptyState, Notice } from "#components/ui/states.tsx";
import type { TrendsView } from "#lib/contracts/trend-views.ts";
import { RATES } from "#lib/domain/review/measures.ts";
import type { Rate } from "#lib/domain/review/measures.ts";
import { PERIODS } from "#lib/domain/review/override.ts";
import { DIMENSIONS } from "#lib/domain/review/trends.ts";
import type { Dimension } from "#lib/domain/review/trends.ts";
import { CourseChart } from "./course-chart.tsx";
import { percentWords, rateWords } from "./figure-words.ts";
import { GroupTable } from "./group-table.tsx";
import { RateBar } from "./rate-bar.tsx";
import { RelianceFigures } from "./reliance-figures.tsx";
import { ReviewTabs } from "./review-tabs.tsx";
import { SpeedTable } from "./speed-table.tsx";

/** How often people overrule the model, how fast the desk is, and whether it reads before it signs. */
export function Trends({ trends }: { trends: TrendsView }) {
  const { days, isCut, override, acceptance, falsePositive, groups } = trends;
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex w-full max-w-[1120px] flex-col px-6 py-6">
        <PageHead title="Review">
          Figures of the desk. Each names what it is counted from, and a share the interval in which
          it lies with 95 % confidence (Wilson).
        </PageHead>
        <ReviewTabs here="trends" />
        <nav aria-label="Period" className="flex flex-wrap gap-2 pb-5">
          {PERIODS.map((each) => (
            <ButtonLink
              key={each}
              size="sm"
              href={`/review/trends?days=${each}`}
              aria-current={each === days ? "page" : undefined}
              tone={each === days ? "default" : "quiet"}
            >
              Last {each} days
            </ButtonLink>
          ))}
        </nav>
        {isCut ? (
          <div className="pb-4">
            <Notice tone="warn">
              More happened in this period than is counted here: the figures are of the newest 5,000
              of each kind. A shorter period counts all.
            </Notice>
          </div>
        ) : null}
        <Section title="Claims">
          <div className="grid gap-4 md:grid-cols-3">
            <RateFigure {...RATES.override} rate={override} none="No claim was reviewed." />
            <RateFigure {...RATES.acceptance} rate={acceptance} none="No claim was reviewed." />
            <RateFigure {...RATES.falsePositive} rate={falsePositive} none="No alert was judged." />
          </div>
          {override ? (
            <>
              <h3 className="pt-2 text-xs font-medium text-dim">Override rate along the period</h3>
              <CourseChart course={trends.course} days={days} />
              <div className="grid gap-x-8 gap-y-5 pt-2 lg:grid-cols-2">
                {(Object.keys(DIMENSIONS) as Dimension[]).map((by) => (
                  <GroupTable key={by} title={DIMENSIONS[by]} {...groups[by]} />
                ))}
              </div>
            </>
          ) : (
            <EmptyState
              flush
              icon={<ChartColumn strokeWidth={1.5} aria-hidden />}
              title="No claim was reviewed in this period"
            >
              Whoever accepts, disputes or corrects a claim of a summary is counted here.
            </EmptyState>
          )}
        </Section>
        <Section title="Speed">
          <SpeedTable speed={trends.speed} incidents={trends.incidents} />
        </Section>
        <Section title="Reading before signing">
          <RelianceFigures reliance={trends.reliance} people={trends.people} />
        </Section>
      </div>
    </div>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-3 border-t py-5">
      <h2 className="text-lg font-semibold">{title}</h2>
      {children}
    </section>
  );
}

type RateFigureProps = { name: string; formula: string; rate: Rate; none: string };

function RateFigure({ name, formula, rate, none }: RateFigureProps) {
  return (
    <div className="flex flex-col gap-1 rounded-control border px-3 py-2.5">
      <h3 className="text-xs font-medium">{name}</h3>
      {rate ? (
        <>
          <p className="text-xl font-semibold tabular-nums">{percentWords(rate.share)}</p>
          <RateBar rate={rate} />
          <p className="text-xs text-dim tabular-nums">{rateWords(rate)}</p>
        </>
      ) : (
        <p className="text-dim">{none}</p>
      )}
      <p className="text-2xs text-faint">= {formula}</p>
    </div>
  );
}
