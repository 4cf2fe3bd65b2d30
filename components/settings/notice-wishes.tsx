"use client";

import { useRouter } from "next/navigation";
import { useOptimistic, useTransition } from "react";
import { Notice } from "#components/ui/states.tsx";
import { toast } from "#components/ui/toast.ts";
import { setNoticeWish } from "#lib/actions/notices.ts";
import { noticeKindWords, type NoticeKind } from "#lib/domain/notice/notice.ts";

export type NoticeWishesProps = {
  /** What the reader may be told of. */
  kinds: NoticeKind[];
  wishes: Record<NoticeKind, boolean>;
  /** Null: this desk sends no mail. */
  sender: string | null;
};

/** Which notices come by mail too; all of them stand in the app. */
export function NoticeWishes({ kinds, wishes, sender }: NoticeWishesProps) {
  const router = useRouter();
  const [, start] = useTransition();
  const [shown, show] = useOptimistic(wishes, (now, [kind, byMail]: [NoticeKind, boolean]) => ({
    ...now,
    [kind]: byMail,
  }));
  const wish = (kind: NoticeKind, byMail: boolean) =>
    start(async () => {
      show([kind, byMail]);
      const answer = await setNoticeWish({ kind, byMail }).catch(() => null);
      if (!answer?.ok) toast.failed("Not saved", { detail: answer?.message });
      router.refresh();
    });
  return (
    <>
      {sender ? null : (
        <Notice>
          This desk sends no mail: no mail server is configured. What you choose here holds from
          when one is.
        </Notice>
      )}
      <ul className="flex flex-col gap-1.5">
        {kinds.map((kind) => (
          <li key={kind}>
            <label className="flex items-center gap-2.5">
              <input
                type="checkbox"
                className="size-4 accent-accent-solid"
                checked={shown[kind]}
                onChange={(event) => wish(kind, event.target.checked)}
              />
              {noticeKindWords(kind)}
            </label>
          </li>
        ))}
      </ul>
    </>
  );
}
