import type { NextAuthOptions } from "next-auth";
import CredentialsProvider from "next-auth/providers/credentials";
import { z } from "zod";
import { personActor } from "#lib/commands/actor.ts";
import { endSession } from "#lib/commands/end-session.ts";
import { authEnv } from "#lib/env.ts";
import { prisma } from "#lib/db/prisma.ts";
import { isHttps, SESSION_HOURS, sessionCookieName } from "./cookie.ts";
import { signIn, TooManyAttempts } from "./sign-in.ts";

const credentialsSchema = z.object({
  email: z.string().trim().toLowerCase().min(3).max(254).refine(isStorable),
  password: z.string().min(1).max(1024),
});

function isStorable(text: string): boolean {
  return !text.includes("\u0000") && text.isWellFormed();
}

/**
 * next-auth keeps a signed, encrypted token in the browser that names a session row and nothing
 * else. Whether that row still counts is asked on every request (current-person.ts).
 */
export function authOptions(onError: (error: unknown) => void): NextAuthOptions {
  return {
    secret: authEnv().secret,
    session: { strategy: "jwt", maxAge: SESSION_HOURS * 3600 },
    pages: { signIn: "/sign-in", error: "/sign-in" },
    useSecureCookies: isHttps(),
    cookies: {
      sessionToken: {
        name: sessionCookieName(),
        options: { httpOnly: true, sameSite: "lax", path: "/", secure: isHttps() },
      },
    },
    providers: [
      CredentialsProvider({
        name: "password",
        credentials: { email: {}, password: {} },
        async authorize(input, request) {
          const parsed = credentialsSchema.safeParse(input);
          if (!parsed.success) return null;
          try {
            return await signIn(prisma("web"), { ...parsed.data, headers: request.headers ?? {} });
          } catch (error) {
            if (error instanceof TooManyAttempts) throw error;
            // next-auth answers with the words of whatever is thrown, so a database's must not get there.
            onError(error);
            // oxlint-disable-next-line preserve-caught-error -- it would be told to the browser
            throw new Error("unavailable");
          }
        },
      }),
    ],
    callbacks: {
      jwt({ token, user }) {
        return user ? { sub: user.id, sid: (user as { sessionId?: string }).sessionId } : token;
      },
      session({ session }) {
        // The browser learns nothing from this endpoint; pages are rendered with the person in them.
        return { expires: session.expires };
      },
    },
    events: {
      async signOut({ token }) {
        const sid = token?.["sid"];
        if (typeof sid === "string" && token.sub) {
          await endSession(
            prisma("web"),
            { sessionId: sid },
            personActor({ id: token.sub, sessionId: sid }),
          );
        }
      },
    },
  };
}
