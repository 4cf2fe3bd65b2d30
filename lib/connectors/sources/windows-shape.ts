import { storableText } from "#lib/domain/evidence/storable.ts";
import { at, firstAt, isObj, text } from "./values.ts";
import type { Obj } from "./values.ts";

/** One Windows event, whichever of the shapes of formats.md 3 it came in. */
export type WindowsEvent = {
  eventId: string;
  provider: string;
  channel: string | undefined;
  computer: string | undefined;
  recordNumber: string | undefined;
  /** Candidates for the time it happened, best first. */
  times: unknown[];
  /** The first candidate is UTC by the event schema, whether it says so or not. */
  systemTime: boolean;
  /** A local time without zone, and when the same record was received in UTC. */
  localTime: unknown;
  receivedTime: unknown;
  /** Event data by name; unnamed values under their position. */
  data: Obj;
  message: unknown;
};

/** True for any of the shapes that `readWindowsEvent` reads. */
export function isWindowsEvent(o: Obj): boolean {
  if (isObj(o.Event) && isObj(o.Event.System)) return true;
  if (isEventXml(o.SyslogMessage)) return true;
  if (!("EventID" in o || "EventId" in o || "event_id" in o)) return false;
  return (
    ["Channel", "channel", "SourceName", "ProviderName", "Provider", "EventData"].some(
      (key) => key in o,
    ) || o.Type === "SecurityEvent"
  );
}

function isEventXml(value: unknown): value is string {
  return typeof value === "string" && /^\s*<Event[\s>]/.test(value);
}

export function readWindowsEvent(o: Obj): WindowsEvent {
  if (isObj(o.Event) && isObj(o.Event.System)) return fromNested(o.Event, o.Event.System);
  if (isEventXml(o.SyslogMessage)) return fromXml(o, o.SyslogMessage);
  return fromFlat(o);
}

/** evtx_dump: attributes under "#attributes", or flattened by other exporters. */
function fromNested(event: Obj, system: Obj): WindowsEvent {
  return {
    eventId: nestedText(system.EventID) ?? "",
    provider: text(firstAt(system, "Provider.#attributes.Name", "Provider.Name", "Provider")) ?? "",
    channel: nestedText(system.Channel),
    computer: nestedText(system.Computer),
    recordNumber: nestedText(system.EventRecordID),
    times: [
      firstAt(
        system,
        "TimeCreated.#attributes.SystemTime",
        "TimeCreated.SystemTime",
        "TimeCreated",
      ),
    ],
    systemTime: true,
    localTime: undefined,
    receivedTime: undefined,
    data: { ...eventData(event.EventData), ...userData(event.UserData) },
    message: firstAt(event, "RenderingInfo.Message", "Message"),
  };
}

/** A number, or {"#text": .., "#attributes": ..}, or {"text": ..}. */
function nestedText(value: unknown): string | undefined {
  if (isObj(value)) return text(value["#text"] ?? value.text ?? value.value);
  return text(value);
}

/** Named values, `Data` as a string, a list of strings, or a list of {"@Name", "#text"}. */
function eventData(value: unknown): Obj {
  if (typeof value === "string") return value.includes("<") ? xmlData(value) : { "0": value };
  if (!isObj(value)) return {};
  const out: Obj = {};
  for (const [key, inner] of Object.entries(value)) {
    if (key === "#attributes" || key === "xmlns") continue;
    if (key !== "Data") out[key] = isObj(inner) ? nestedText(inner) : inner;
    else Object.assign(out, dataList(inner));
  }
  return out;
}

function dataList(value: unknown): Obj {
  const list = Array.isArray(value)
    ? value
    : [isObj(value) && "#text" in value ? value["#text"] : value];
  const out: Obj = {};
  list.flat().forEach((one: unknown, i) => {
    if (!isObj(one)) {
      out[String(i)] = one;
      return;
    }
    const name = text(firstAt(one, "#attributes.Name", "@Name", "Name", "name"));
    out[name ?? String(i)] = nestedText(one) ?? text(one.Value ?? one.content);
  });
  return out;
}

/** UserData holds one element of the provider's own making: its children are the data. */
function userData(value: unknown): Obj {
  if (!isObj(value)) return {};
  const out: Obj = {};
  for (const inner of Object.values(value)) {
    if (isObj(inner)) Object.assign(out, inner);
  }
  return out;
}

/** NXLog and Security-Datasets put event data beside the system fields; Log Analytics as XML. */
function fromFlat(o: Obj): WindowsEvent {
  const data = o.EventData === undefined ? o : { ...o, ...eventData(o.EventData) };
  const sysmon = text(firstAt(o, "SourceName", "ProviderName", "Provider", "Source")) ?? "";
  return {
    eventId: text(o.EventID ?? o.EventId ?? o.event_id) ?? "",
    provider: sysmon,
    channel: text(firstAt(o, "Channel", "channel", "EventLog", "LogName")),
    computer: text(firstAt(o, "Hostname", "Computer", "ComputerName", "host.name", "HostName")),
    recordNumber: text(
      firstAt(o, "RecordNumber", "EventRecordID", "EventRecordId", "RecordId", "record_number"),
    ),
    times: [o.TimeCreated, o.EventTime, o.TimeGenerated, o["@timestamp"], o.timestamp],
    systemTime: false,
    localTime: o.EventTime,
    receivedTime: o["@timestamp"],
    data,
    message: o.Message ?? o.RenderedDescription,
  };
}

/** Sysmon for Linux writes the event's XML into the syslog message. */
function fromXml(o: Obj, xml: string): WindowsEvent {
  return {
    eventId: element(xml, "EventID") ?? "",
    provider: /<Provider[^>]{0,200}\sName=["']([^"']{1,200})["']/.exec(xml)?.[1] ?? "",
    channel: element(xml, "Channel"),
    computer: element(xml, "Computer") ?? text(o.Computer),
    recordNumber: element(xml, "EventRecordID"),
    times: [/SystemTime=["']([^"']{1,60})["']/.exec(xml)?.[1], o.EventTime, o.TimeGenerated],
    systemTime: true,
    localTime: undefined,
    receivedTime: undefined,
    data: xmlData(xml),
    message: undefined,
  };
}

function element(xml: string, name: string): string | undefined {
  const start = xml.indexOf(`<${name}`);
  if (start === -1) return undefined;
  const open = xml.indexOf(">", start);
  const close = xml.indexOf("<", open);
  return open === -1 || close === -1 ? undefined : text(unescapeXml(xml.slice(open + 1, close)));
}

/** `<Data Name="x">value</Data>` pairs, entities undone once. */
export function xmlData(xml: string): Obj {
  const out: Obj = {};
  for (const [, name, value] of xml.matchAll(/<Data Name=["']([^"']{1,100})["']>([^<]*)</g)) {
    out[String(name)] = storableText(unescapeXml(value ?? ""));
  }
  return out;
}

const ENTITIES: Record<string, string> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };

function unescapeXml(value: string): string {
  return value.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|\w{2,4});/gi, (whole, name: string) => {
    if (!name.startsWith("#")) return ENTITIES[name.toLowerCase()] ?? whole;
    const hex = name.charAt(1).toLowerCase() === "x";
    const code = parseInt(name.slice(hex ? 2 : 1), hex ? 16 : 10);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** winlogbeat nests the same record under `winlog`. */
export function fromWinlog(o: Obj): WindowsEvent | null {
  const winlog = at(o, "winlog");
  const eventId = text(firstAt(o, "winlog.event_id", "event.code"));
  if (!isObj(winlog) || eventId === undefined) return null;
  const data = winlog.event_data;
  return {
    eventId,
    provider: text(winlog.provider_name) ?? "",
    channel: text(winlog.channel),
    computer: text(winlog.computer_name),
    recordNumber: text(winlog.record_id),
    times: [o["@timestamp"]],
    systemTime: false,
    localTime: undefined,
    receivedTime: undefined,
    data: isObj(data) ? data : {},
    message: o.message,
  };
}
