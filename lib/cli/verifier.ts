import { once } from "node:events";
import { pino } from "pino";
import { disconnectAll, prisma } from "#lib/db/prisma.ts";
import { logLevel, verifierPort } from "#lib/env.ts";
import { relyingParty } from "#lib/signing/relying-party.ts";
import { verifierServer } from "./verifier/door.ts";

/** The verifier process: the one login that brings signatures by passkey, behind one door on loopback. Stops on SIGTERM or SIGINT. */
const log = pino({ name: "verifier", level: logLevel() });
const party = relyingParty();
const server = verifierServer({ db: prisma("verifier"), party, log });

server.listen(verifierPort(), "127.0.0.1");
await once(server, "listening");
log.info({ port: verifierPort(), ...party }, "verifying");

await Promise.race([once(process, "SIGTERM"), once(process, "SIGINT")]);
server.close();
server.closeIdleConnections();
await once(server, "close");
await disconnectAll();
log.info("stopped");
