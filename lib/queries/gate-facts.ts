// Commands rule on the same facts inside their transaction, and they do not import from this room.
export { gateFacts, policyInForce } from "#lib/db/gate-facts.ts";
