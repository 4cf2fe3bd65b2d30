/** What an admin sends about responders, with its limits. One schema for the form, the door and what is stored. */
import { z } from "zod";
import "./no-eval.ts";
import { RESPONSE_ACTION_KINDS } from "#lib/domain/decision/decision.ts";
import { RESPONDER_SERVES } from "#lib/domain/decision/responder.ts";

const LISTED_MAX = 50;
const CA_CHARACTERS = 20_000;

const line = (max: number, what: string) =>
  z
    .string()
    .trim()
    .min(1, `Write ${what}.`)
    .max(max, `At most ${max} characters.`)
    .regex(/^[\x21-\x7e]+$/, "Use letters, digits and signs of ASCII, without spaces.");

const address = z
  .string()
  .trim()
  .max(500, "At most 500 characters.")
  .regex(
    /^https?:\/\/[\x21-\x7e]+$/i,
    "Write an absolute address such as https://soar.example/hook.",
  );
const networks = z
  .array(
    z.union([z.cidrv4(), z.cidrv6()], { error: "Write networks in CIDR notation: 10.20.0.0/24." }),
  )
  .max(LISTED_MAX, `At most ${LISTED_MAX} networks.`);

/** Where requests may go beside the public internet, and whose certificates are believed. */
const surroundings = {
  networks,
  ca: z
    .string()
    .max(CA_CHARACTERS, "This is longer than a certificate.")
    .regex(/^-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----\s*$/, "Paste it as PEM.")
    .nullable(),
};
const tenant = line(200, "the tenant").regex(
  /^[\w.-]+$/,
  "A tenant is an id or a domain of yours.",
);
const clientId = line(200, "the client id");
const clientSecret = z.strictObject({ clientSecret: line(2_000, "the client secret") });
const none = z.null();

const setup = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("simulated"),
    settings: z.strictObject({}),
    credentials: none,
  }),
  z.strictObject({
    kind: z.literal("webhook"),
    settings: z.strictObject({ url: address, ...surroundings }),
    credentials: z.strictObject({
      keys: z
        .array(line(200, "a key").regex(/^whs(ec|k)_/, "A key begins with whsec_ or whsk_."))
        .min(1, "Write a key.")
        .max(3, "At most three keys."),
    }),
  }),
  z.strictObject({
    kind: z.literal("defender"),
    settings: z.strictObject({
      tenant,
      clientId,
      apiUrl: address.nullable(),
      loginUrl: address.nullable(),
      ...surroundings,
    }),
    credentials: clientSecret,
  }),
  z.strictObject({
    kind: z.literal("crowdstrike"),
    settings: z.strictObject({ clientId, apiUrl: address.nullable(), ...surroundings }),
    credentials: clientSecret,
  }),
  z.strictObject({
    kind: z.literal("okta"),
    settings: z.strictObject({
      orgUrl: address,
      scheme: z.enum(["SSWS", "Bearer"]),
      readsLog: z.boolean(),
      ...surroundings,
    }),
    credentials: z.strictObject({ token: line(4_000, "the token") }),
  }),
  z.strictObject({
    kind: z.literal("entra"),
    settings: z.strictObject({
      tenant,
      clientId,
      graphUrl: address.nullable(),
      loginUrl: address.nullable(),
      ...surroundings,
    }),
    credentials: clientSecret,
  }),
  z.strictObject({
    kind: z.literal("block_list"),
    settings: z.strictObject({
      networks,
      domains: z
        .array(line(253, "a domain").regex(/^[\w.-]+\.[\w-]{2,}$/, "Write domains: corp.example."))
        .max(LISTED_MAX, `At most ${LISTED_MAX} domains.`),
      days: z
        .number({ error: "Write a number of days." })
        .int()
        .min(1, "At least a day.")
        .max(365, "At most a year."),
    }),
    credentials: none,
  }),
]);

/** A kind with its settings and its credentials, as they are sent and as they are kept. */
export const responderSetup = setup;
export type ResponderSetup = z.infer<typeof setup>;

/** `replaces`: the version in force that this one follows, or null for a new name. `newToken`: the old one ends. */
export const configureResponderInput = z
  .strictObject({
    name: z
      .string()
      .trim()
      .min(2, "Write a name of at least two characters.")
      .max(80, "At most 80 characters.")
      .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._()/-]*$/u, "Use letters, digits, spaces and . _ - / ( )."),
    actions: z
      .array(z.enum(RESPONSE_ACTION_KINDS))
      .min(1, "Choose at least one response action.")
      .refine((actions) => new Set(actions).size === actions.length, "Each action once."),
    setup,
    replaces: z.uuid().nullable(),
    newToken: z.boolean(),
  })
  .refine(
    ({ setup: { kind }, actions }) => actions.every((one) => RESPONDER_SERVES[kind].includes(one)),
    {
      path: ["actions"],
      message: "This kind of responder does not do one of these.",
    },
  );
export type ConfigureResponderInput = z.infer<typeof configureResponderInput>;

export const responderInput = z.strictObject({ responderId: z.uuid() });

export const testResponderInput = z.strictObject({
  responderId: z.uuid(),
  action: z.enum(RESPONSE_ACTION_KINDS),
  target: z
    .string()
    .trim()
    .min(1, "Write a target.")
    .max(512, "At most 512 characters.")
    .refine((value) => !value.includes("\u0000"), "Remove the null character."),
});

export const checkResponseInput = z.strictObject({ runId: z.uuid() });

/** Which of the two lists a firewall fetches. */
export const blockListQuery = z.strictObject({
  kind: z.enum(["address", "domain"]).default("address"),
});

export const responseParams = z.object({ id: z.uuid() });
