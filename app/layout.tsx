import type { Metadata, Viewport } from "next";
import { GeistMono } from "geist/font/mono";
import { cookies, headers } from "next/headers";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import type { ReactNode } from "react";
import { EarlyPress } from "#components/layout/early-press.tsx";
import { ClockProvider } from "#components/ui/clock.tsx";
import { CspNonce } from "#components/ui/csp-nonce.tsx";
import {
  DENSITY_COOKIE,
  densityOf,
  THEME_COOKIE,
  themeOf,
  ZONE_COOKIE,
  zoneOf,
} from "#components/ui/preferences.ts";
import { PreferencesProvider } from "#components/ui/use-preferences.tsx";
import { Toaster } from "#components/ui/toaster.tsx";
import { EARLY_PRESS_SCRIPT } from "#lib/browser/early-press.ts";
import { QueryProvider } from "#lib/browser/query-provider.tsx";
import "./globals.css";
import "./print.css";

export const metadata: Metadata = {
  title: { default: "Countersign", template: "%s · Countersign" },
  description:
    "A SOC copilot in which every claim is linked to evidence and every decision is countersigned.",
  robots: { index: false, follow: false },
};

const BARS = { dark: "#12151a", light: "#f9fafb" };

/** The bars that a browser draws around the page take its colour. */
export async function generateViewport(): Promise<Viewport> {
  const theme = themeOf((await cookies()).get(THEME_COOKIE)?.value);
  const system = (["dark", "light"] as const).map((look) => ({
    media: `(prefers-color-scheme: ${look})`,
    color: BARS[look],
  }));
  const themeColor = theme === "system" ? system : BARS[theme];
  return { themeColor, width: "device-width", initialScale: 1 };
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  const [jar, head] = await Promise.all([cookies(), headers()]);
  const nonce = head.get("x-nonce") ?? undefined;
  const theme = themeOf(jar.get(THEME_COOKIE)?.value);
  const density = densityOf(jar.get(DENSITY_COOKIE)?.value);
  const zone = zoneOf(jar.get(ZONE_COOKIE)?.value);
  return (
    <html
      lang="en"
      data-theme={theme}
      data-density={density}
      data-zone={zone ?? "utc"}
      className={GeistMono.variable}
      suppressHydrationWarning
    >
      <body>
        {/* a browser shows the nonce to nobody who asks for the attribute */}
        <script nonce={nonce} suppressHydrationWarning>
          {EARLY_PRESS_SCRIPT}
        </script>
        <CspNonce nonce={nonce}>
          <PreferencesProvider value={{ theme, density, zone }}>
            <ClockProvider serverNow={serverTime()}>
              <NuqsAdapter>
                <QueryProvider>
                  <div className="app-root min-h-dvh">{children}</div>
                  <Toaster />
                  <EarlyPress />
                </QueryProvider>
              </NuqsAdapter>
            </ClockProvider>
          </PreferencesProvider>
        </CspNonce>
      </body>
    </html>
  );
}

/** Read once per request: every clock of the page starts from it. */
function serverTime(): number {
  return Date.now();
}
