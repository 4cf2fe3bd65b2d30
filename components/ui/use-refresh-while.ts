import { useRouter } from "next/navigation";
import { useEffect } from "react";

const EVERY_MS = 2_000;
/** A page that was left open must not keep its session alive for ever. */
const LONGEST_MS = 10 * 60_000;

/** Reads the page anew every two seconds while something on it goes on and somebody looks at it. */
export function useRefreshWhile(going: boolean): void {
  const router = useRouter();
  useEffect(() => {
    if (!going) return undefined;
    let passed = 0;
    const timer = setInterval(() => {
      passed += EVERY_MS;
      if (document.visibilityState === "visible") router.refresh();
      if (passed >= LONGEST_MS) clearInterval(timer);
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, [going, router]);
}
