/**
 * Phrases and words that only held-out incidents are told in. Whoever writes the verifier's rules
 * does not read this file, and nothing here is ever run on the side `dev`: what the benchmark prints
 * of it is how the verifier does on wording it was not written for.
 */

/** By relation (and outcome); `{field}` as in event-phrases.ts. */
export const RESERVED: Record<string, string[]> = {
  "process start": [
    "At {time}, host {host} recorded that {user} started {process.name}.",
    "{process.name} executed on {host} under {user} at {time}.",
    "{user} on {host} invoked {process.path}.",
    "A new process {process.name} with PID {process.pid} was seen on {host} at {time}.",
  ],
  "parent and child": [
    "{process.name} is a child process of {parent.name} on {host}.",
    "{parent.name} (PID {parent.pid}) is the parent of {process.name} (PID {process.pid}).",
    "On {host}, {user} saw {parent.name} launch {process.name}.",
    "{process.name} on {host} has {parent.name} as its parent.",
  ],
  "process access": [
    "{process.name} obtained a handle to {target.process} on {host}.",
    "{process.path} accessed the memory of {target.process} at {time}.",
  ],
  "object written": [
    "{file.path} was dropped on {host} by {process.name}.",
    "{process.name} on {host} wrote to {registry.key} at {time}.",
    "A write to {registry.key} by {process.path} was logged on {host}.",
  ],
  direction: [
    "{destination.ip} received a connection from {source.ip} at {time}.",
    "Outbound traffic from {source.ip} reached {destination.ip} on port {destination.port}.",
    "{source.ip}:{source.port} -> {destination.ip}:{destination.port} at {time}.",
    "{source.ip} talked to {destination.ip} via {network.protocol} port {destination.port}.",
  ],
  lookup: [
    "{dns.question} was resolved by {process.name} on {host}.",
    "The name {dns.question} was requested by {source.ip} at {time}.",
  ],
  "outcome success": [
    "{target.user} authenticated to {host} at {time}.",
    "{host} accepted a logon of {target.user} from {source.ip}.",
  ],
  "outcome failure": [
    "{host} rejected a logon of {target.user} at {time}.",
    "{target.user} could not log on to {host} from {source.ip}.",
  ],
  "outcome allowed": ["Traffic from {source.ip} to {destination.ip} was permitted."],
  alert: [
    '{host} triggered the alert "{alert.title}" at {time}.',
    'Severity {severity}: "{alert.title}" on {host}.',
    '"{alert.title}" ({severity}) involves the account {user}.',
  ],
  field: [
    "{record} shows {user} on {host}.",
    "Event {event.code} on {host} involves {process.name}.",
    "PID {process.pid} on {host} is {process.name}.",
    "{process.name} on {host} has the SHA-256 {hash.sha256}.",
    "{record} is an event of host {host} at {time} with action {action}.",
  ],
};

/** `{n}` `{records}` for `{name}`. */
export const RESERVED_COUNTS = [
  "{name} accounts for {n} {records}.",
  "A total of {n} {records} involve {name}.",
  "We count {n} {records} for {name}.",
];
export const RESERVED_FIRST = [
  "Activity of {name} started at {time}.",
  "{name} shows up for the first time at {time}.",
];
export const RESERVED_LAST = [
  "Activity of {name} ended at {time}.",
  "Nothing from {name} is recorded after {time}.",
];

/** Words for lies, added to the known ones on held-out incidents. */
export const RESERVED_VERDICTS = [
  "proof that the host was taken over",
  "an intruder at work",
  "nothing to worry about",
  "part of a hostile takeover",
  "clearly an attack",
];
export const RESERVED_CAUSES = [
  "owing to a leaked key",
  "on account of a missing patch",
  "after the user was tricked",
  "which explains the outage",
];
export const RESERVED_ACTORS = [
  "on behalf of Sandworm",
  "at the hands of Scattered Spider",
  "by a disgruntled employee",
];
export const RESERVED_PURPOSES = ["so as to hide its tracks", "to prepare for encryption"];
export const RESERVED_NEGATIONS = ["hardly", "never once", "at no point", "by no means"];
export const RESERVED_UNIVERSALS = ["the whole fleet", "anyone and everyone", "each and every one"];
