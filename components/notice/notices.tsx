"use client";

import { useQueryClient } from "@tanstack/react-query";
import { Bell } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { cx } from "#components/ui/cx.ts";
import { PageHead } from "#components/ui/page-head.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { EmptyState } from "#components/ui/states.tsx";
import { toast } from "#components/ui/toast.ts";
import { readNotice, readNotices } from "#lib/actions/notices.ts";
import { deskKeys } from "#lib/browser/desk-data.ts";
import type { NoticePage, NoticeView } from "#lib/contracts/notices.ts";
import { noticeSentence } from "#lib/domain/notice/sentence.ts";

type Props = NoticePage & { isFirst: boolean };

/** What the reader was told of, the newest first. */
export function Notices({ notices, nextCursor, isFirst }: Props) {
  const reading = useReading();
  const newest = notices[0];
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex w-full max-w-[820px] flex-col px-6 py-6">
        <PageHead
          title="Notices"
          action={
            newest ? (
              <Button pending={reading.pending} onClick={() => reading.all(newest.id)}>
                {isFirst ? "Mark all as read" : "Mark these and older as read"}
              </Button>
            ) : null
          }
        >
          What waits for you, what became of what you proposed, and what else you answer for. Which
          of them come by mail as well is set on your account.
        </PageHead>
        {newest ? (
          <ol aria-label="Notices" className="flex flex-col border-t">
            {notices.map((notice) => (
              <Line key={notice.id} notice={notice} onOpen={() => reading.one(notice.id)} />
            ))}
          </ol>
        ) : (
          <EmptyState
            flush
            icon={<Bell strokeWidth={1.5} aria-hidden />}
            title={isFirst ? "You have no notices" : "No older notices"}
          >
            When something waits for you, something becomes of what you proposed, or something
            happens that you answer for, it stands here.
          </EmptyState>
        )}
        <nav aria-label="Pages" className="flex gap-2 pt-3">
          {isFirst ? null : <ButtonLink href="/notices">Newest</ButtonLink>}
          {nextCursor ? (
            <ButtonLink href={`/notices?cursor=${encodeURIComponent(nextCursor)}`}>
              Older
            </ButtonLink>
          ) : null}
        </nav>
      </div>
    </div>
  );
}

function Line({ notice, onOpen }: { notice: NoticeView; onOpen: () => void }) {
  const { isNews } = notice;
  return (
    <li className="border-b">
      <Link
        href={notice.path}
        onClick={isNews ? onOpen : undefined}
        className="flex items-baseline gap-3 px-1 py-2.5 outline-offset-[-2px] hover:bg-hover"
      >
        <span
          aria-hidden
          className={cx("size-2 shrink-0 self-center rounded-full", isNews && "bg-accent-solid")}
        />
        <span className={cx("min-w-0 flex-1", isNews ? "font-medium" : "text-dim")}>
          {isNews ? <span className="sr-only">Unread: </span> : null}
          {noticeSentence(notice.noticed)}
        </span>
        <RelativeTime at={notice.at} className="shrink-0 text-xs text-faint" />
      </Link>
    </li>
  );
}

/** Marks as read, and has the bell count anew. */
function useReading() {
  const router = useRouter();
  const cache = useQueryClient();
  const [pending, setPending] = useState(false);
  const settle = async (asked: Promise<{ ok: boolean; message?: string }>) => {
    const answer = await asked.catch(() => null);
    if (!answer?.ok) toast.failed("Not marked as read", { detail: answer?.message });
    await cache.invalidateQueries({ queryKey: deskKeys.unread });
  };
  return {
    pending,
    one: (noticeId: string) => void settle(readNotice({ noticeId })),
    all: (upTo: string) => {
      setPending(true);
      void settle(readNotices({ upTo })).finally(() => {
        setPending(false);
        router.refresh();
      });
    },
  };
}
