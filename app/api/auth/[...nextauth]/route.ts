import NextAuth from "next-auth";
import { authOptions } from "#lib/auth/options.ts";
import { authDoor } from "#lib/boundary/auth-door.ts";
import { log } from "#lib/boundary/log.ts";

type Context = { params: Promise<{ nextauth: string[] }> };

const door = authDoor((request: Request, context: Context) => {
  const options = authOptions((error) => log().error({ err: error }, "signing in failed"));
  return NextAuth(request as never, context as never, options) as Promise<Response>;
});

export { door as GET, door as POST };
