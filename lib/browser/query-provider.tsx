"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useState } from "react";
import type { ReactNode } from "react";
import { DoorError } from "./get-json.ts";

/** One cache per browser tab. Live updates tell it what is old, so it does not guess by time. */
export function QueryProvider({ children }: { children: ReactNode }) {
  const [cache] = useState(makeCache);
  return <QueryClientProvider client={cache}>{children}</QueryClientProvider>;
}

function makeCache(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 20_000,
        refetchOnWindowFocus: true,
        retry: (failures, error) =>
          failures < 2 && !(error instanceof DoorError && error.status < 500),
      },
    },
  });
}
