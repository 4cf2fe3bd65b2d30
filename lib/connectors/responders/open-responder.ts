import type { ResponderSetup } from "#lib/contracts/responder-inputs.ts";
import { parseNetworks } from "#lib/egress/address.ts";
import type { Egress } from "#lib/egress/resolve.ts";
import type { TokenCache } from "./access-token.ts";
import type { Surroundings } from "./api.ts";
import { openBlockList, type BlockListStore } from "./block-list-responder.ts";
import { openCrowdStrike } from "./crowdstrike.ts";
import { openDefender } from "./defender.ts";
import { openEntra } from "./entra.ts";
import { openOkta } from "./okta.ts";
import type { Responder } from "./responder.ts";
import { Secret } from "./secret.ts";
import { openSimulated } from "./simulated.ts";
import { openWebhook } from "./webhook.ts";

export type Opening = Pick<Surroundings, "limits" | "now"> & {
  /** Tokens that outlive one opening. */
  tokens: TokenCache;
  blockList: BlockListStore;
};

/** A responder as it is configured. Throws TypeError for settings that no request could be made with. */
export function openResponder(
  setup: ResponderSetup,
  { blockList, tokens, ...more }: Opening,
): Responder {
  switch (setup.kind) {
    case "simulated":
      return openSimulated(more);
    case "block_list":
      return openBlockList(setup.settings, blockList, more);
    case "webhook": {
      const { url, ...where } = setup.settings;
      const keys = setup.credentials.keys.map((key) => new Secret(key));
      return openWebhook({ ...more, egress: egressOf(where), url, keys });
    }
    case "okta": {
      const { orgUrl, scheme, readsLog, ...where } = setup.settings;
      const credentials = { scheme, token: new Secret(setup.credentials.token) };
      return openOkta({ ...more, egress: egressOf(where), orgUrl, readsLog, credentials });
    }
    case "crowdstrike": {
      const { clientId, apiUrl, ...where } = setup.settings;
      const oauth = { ...more, tokens, egress: egressOf(where) };
      const credentials = { clientId, clientSecret: new Secret(setup.credentials.clientSecret) };
      return openCrowdStrike({ ...oauth, credentials, ...(apiUrl !== null && { apiUrl }) });
    }
    case "defender": {
      const { clientId, apiUrl, loginUrl, tenant, ...where } = setup.settings;
      const oauth = { ...more, tokens, egress: egressOf(where), tenant };
      const credentials = { clientId, clientSecret: new Secret(setup.credentials.clientSecret) };
      return openDefender({
        ...oauth,
        credentials,
        ...(apiUrl !== null && { apiUrl }),
        ...(loginUrl !== null && { loginUrl }),
      });
    }
    case "entra": {
      const { clientId, graphUrl, loginUrl, tenant, ...where } = setup.settings;
      const oauth = { ...more, tokens, egress: egressOf(where), tenant };
      const credentials = { clientId, clientSecret: new Secret(setup.credentials.clientSecret) };
      return openEntra({
        ...oauth,
        credentials,
        ...(graphUrl !== null && { graphUrl }),
        ...(loginUrl !== null && { loginUrl }),
      });
    }
  }
}

function egressOf({ networks, ca }: { networks: readonly string[]; ca: string | null }): Egress {
  return { allow: parseNetworks(networks), ...(ca !== null && { ca }) };
}
