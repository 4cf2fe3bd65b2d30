"use client";

import type { UseQueryResult } from "@tanstack/react-query";
import { Waypoints } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "#components/ui/button.tsx";
import { LoadingNote, Skeleton } from "#components/ui/skeleton.tsx";
import { EmptyState, ErrorState } from "#components/ui/states.tsx";

/** What stands in a picture's place until there is one. */
export function PictureOf<T>({
  query,
  isEmpty,
  empty,
  children,
}: {
  query: UseQueryResult<T>;
  isEmpty: (data: T) => boolean;
  empty: { title: string; words: string };
  children: (data: T) => ReactNode;
}) {
  if (query.isPending) return <PictureSkeleton />;
  if (query.isError) {
    return (
      <ErrorState
        title="The picture could not be drawn"
        safe={`${query.error.message} The evidence itself is safe.`}
        action={<Button onClick={() => void query.refetch()}>Try again</Button>}
      />
    );
  }
  if (isEmpty(query.data)) {
    return (
      <EmptyState icon={<Waypoints />} title={empty.title}>
        {empty.words}
      </EmptyState>
    );
  }
  return <>{children(query.data)}</>;
}

/** That a picture does not show everything, and what to do about it. */
export function CappedNote({ children }: { children: ReactNode }) {
  return (
    <p role="note" className="shrink-0 border-b px-3 py-1.5 text-xs text-warn">
      {children}
    </p>
  );
}

function PictureSkeleton() {
  return (
    <div className="flex flex-1 gap-16 p-4">
      <LoadingNote>Drawing the picture</LoadingNote>
      {Array.from({ length: 4 }, (_, column) => (
        <div key={column} className="flex flex-1 flex-col gap-2">
          {Array.from({ length: 7 }, (__, row) => (
            <Skeleton key={row} className="h-5" />
          ))}
        </div>
      ))}
    </div>
  );
}
