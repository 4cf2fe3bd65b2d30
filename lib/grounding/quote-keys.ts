import type { CitationField } from "./generators/draft.ts";

/**
 * Which keys sources write a field under, without case and punctuation: used to quote the right one
 * of several equal values, and the only places where numbers and very short values are quoted from.
 */
const KEYS: Partial<Record<CitationField, string>> = {
  time:
    "time timestamp timegenerated starttime systemtime utctime timecreated eventtime creationtime " +
    "firstactivitydatetime firstactivitytime eventfirstseen published activitydatetime originaltime kibanaalertoriginaltime firstseentimedt timedt createdtime",
  action: "action activityname actiontype eventname operation eventtype",
  "alert.title":
    "title displayname alertname kibanaalertrulename signature findinginfotitle name rule",
  "rule.id": "alerttype signatureid ruleid ruleuuid uid detectorid kibanaalertruleuuid id",
  "rule.name": "rulename signature name alertname displayname",
  "alert.category": "category tactics",
  "severity.original": "severity alertseverity severityid urgency level",
  "event.code": "eventid text code resulttype eventcode eventtype",
  "technique.original":
    "techniques subtechniques mitretechniques techniqueid id uid ruletechnique mitretechniqueid rulename",
  technique:
    "techniques subtechniques mitretechniques techniqueid id uid mitretechniqueid rulename",
  host: "computer hostname computername devicename devicednsname host name fqdn compromisedentity workstationname dnshostname",
  user: "user username subjectusername accountname name account userid userprincipalname initiatingprocessaccountname sam actor",
  "target.user": "targetusername username user name targetaccount accountname",
  "source.ip": "sourceip srcip ipaddress ip callerip clientip address sourceaddress remoteip",
  "source.port": "sourceport srcport ipport port",
  "destination.ip":
    "destinationip destip dstip ip ipaddress remoteip destaddress destinationaddress address",
  "destination.port": "destinationport destport dstport port remoteport",
  "process.pid": "processid newprocessid pid targetprocessid id",
  "parent.pid": "parentprocessid processid pid initiatingprocessid ppid creatorprocessid",
  "process.name": "image newprocessname filename processname name imagefile process",
  "parent.name": "parentimage parentprocessname filename initiatingprocessfilename name",
  "dns.question": "queryname rrname query dnsquestionname queryhostname",
  "logon.type": "logontype",
  "logon.id": "targetlogonid subjectlogonid logonid logonguid",
  "ticket.id": "incidentnumber incidentid providerincidentid id number",
  "ticket.status": "status",
  "http.status": "status statuscode",
  "network.bytes_out": "bytestoserver bytesout origbytes sentbytes bytes",
  "network.bytes_in": "bytestoclient bytesin respbytes receivedbytes",
};

const KEY_SETS = new Map(
  Object.entries(KEYS).map(([field, keys]) => [field, new Set(keys.toLowerCase().split(/\s+/))]),
);

/** Whether a raw key ("EventID", "src_ip", "kibana.alert.rule.name") is one of the field's own. */
export function isKeyOf(field: CitationField, key: string): boolean {
  const bare = key.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  const own = field.replaceAll(/[^a-z0-9]/g, "");
  return bare === own || (KEY_SETS.get(field)?.has(bare) ?? false);
}
