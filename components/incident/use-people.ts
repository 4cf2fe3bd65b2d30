"use client";

import { useQuery } from "@tanstack/react-query";
import { assignablePeople } from "#lib/actions/work-together.ts";
import { reached } from "#lib/browser/reached.ts";

/** Everybody who works incidents; asked for when it is wanted. */
export function usePeople(enabled = true) {
  return useQuery({
    queryKey: ["people", "assignable"],
    queryFn: async () => {
      const answer = await reached(assignablePeople({}));
      if (!answer.ok) throw new Error(answer.message);
      return answer.data;
    },
    enabled,
    staleTime: 60_000,
  });
}
