import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { decode } from "next-auth/jwt";
import { cache } from "react";
import { prisma } from "#lib/db/prisma.ts";
import { may } from "#lib/domain/people/permissions.ts";
import type { Permission } from "#lib/domain/people/permissions.ts";
import { authEnv } from "#lib/env.ts";
import { sessionCookieName } from "./cookie.ts";
import { findLivePerson } from "./session.ts";
import type { LivePerson } from "./session.ts";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Who is asking, or null. One look at the session row per request. */
export const currentPerson = cache(async (): Promise<LivePerson | null> => {
  const jar = await cookies();
  return personOfCookie(jar.get(sessionCookieName())?.value);
});

/** The live person a session cookie stands for; null for none, forged, ended or expired ones. */
export async function personOfCookie(
  value: string | undefined,
  touch = true,
): Promise<LivePerson | null> {
  if (!value) return null;
  const token = await decode({ token: value, secret: authEnv().secret }).catch(() => null);
  const sid = token?.["sid"];
  if (typeof sid !== "string" || !UUID.test(sid)) return null;
  return findLivePerson(prisma("web"), sid, touch);
}

/** For pages: the person, who holds the permission; anyone else is sent where they can go on. */
export async function requirePerson(permission?: Permission): Promise<LivePerson> {
  const person = await currentPerson();
  if (!person) redirect("/sign-in");
  if (permission && !may(person.role, permission)) redirect(`/forbidden?permission=${permission}`);
  return person;
}
