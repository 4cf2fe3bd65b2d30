"use client";

import dynamic from "next/dynamic";
import { useEffect, useState } from "react";
import { later, soon } from "./later.tsx";
import { onToastWithoutPlace } from "./toast.ts";

const load = async () => (await import("./toasts.tsx")).Toasts;
const Toasts = later(dynamic(load));

/** Once near the root. The place for toasts is there before the first one, so that a screen reader hears it. */
export function Toaster() {
  const [wanted, setWanted] = useState(false);
  useEffect(() => {
    soon(async () => {
      await load();
      setWanted(true);
    });
    return onToastWithoutPlace(() => setWanted(true));
  }, []);
  return wanted ? <Toasts /> : null;
}
