import { isFieldName } from "#lib/domain/evidence/fields.ts";
import type { FieldName } from "#lib/domain/evidence/fields.ts";

const TABLE = `
vendor: observer.vendor vendor_name vendorname
product: eventsource product_name productname servicename workload data_type decoder.name
log: logname sourcetype category _path @stream type location
action: eventname eventtype event_simplename operationname operation event_type actiontype
  protopayload.methodname methodname verb event_action events.name activity method event.action
  eventtypename name act
host: hostname host_name computer computername devicename device.hostname hostidentifier
  agent.name agent_hostname dvchost machine server agentrealtimeinfo.agentcomputername node
host.ip: hostip host_ip agent.ip device.local_ip localip
host.id: deviceid aid agent.id instanceid resource.instancedetails.instanceid
user: username user_name useridentity.username
  useridentity.sessioncontext.sessionissuer.username actor.alternateid actor.email actor.name
  actor.user.email_address properties.userprincipalname userprincipalname accountname
  account_name accountupn userid user.username user.email user.login
  protopayload.authenticationinfo.principalemail authenticationinfo.principalemail
  useridentity.arn useridentity.principalid resource.accesskeydetails.username caller actor
  suser srcuser data.srcuser data.dstuser login email initiatedby.user.userprincipalname
  properties.initiatedby.user.userprincipalname
target.user: targetusername target.alternateid dstuser duser requestparameters.username
  target_user
source.ip: src_ip srcip sourceipaddress source_ip sourceip client.ipaddress calleripaddress
  client_ip clientip ipaddress ip_address properties.ipaddress actor_ip
  protopayload.requestmetadata.callerip requestmetadata.callerip sourceips id.orig_h id_orig_h
  data.srcip srcaddr src remoteip remote_ip access_device.ip httprequest.clientip
  service.action.awsapicallaction.remoteipdetails.ipaddressv4
  service.action.networkconnectionaction.remoteipdetails.ipaddressv4 ip clientrequest.ip
source.port: src_port srcport id.orig_p id_orig_p spt sourceport data.srcport
destination.ip: dst_ip dest_ip dstip destinationip destination_ip id.resp_h id_resp_h dstaddr
  dst data.dstip
destination.port: dst_port dest_port dstport destinationport id.resp_p id_resp_p dpt
  data.dstport
destination.host: dhost server_name destinationhostname remotehost
network.protocol: proto protocol service
network.bytes_out: orig_bytes bytes_sent bytessent bytesout
network.bytes_in: resp_bytes bytes_received bytesreceived bytesin
dns.question: query domain dnsquery queryname service.action.dnsrequestaction.domain
url.full: url request_url requesturi remoteurl uri httprequest.uri
user_agent: useragent user_agent.original client.useragent.rawuseragent user-agent
  clientuseragent
http.status: status_code http_status responsestatus.code
process.path: image exe processpath filepath imagefilename output_fields.proc.exepath
  columns.path
process.name: processname process_name output_fields.proc.name columns.name
process.pid: pid processid process_id output_fields.proc.pid
process.command_line: commandline cmdline command_line processcommandline cmd
  output_fields.proc.cmdline columns.cmdline
parent.name: parentprocessname initiatingprocessfilename output_fields.proc.pname
parent.command_line: parentcommandline initiatingprocesscommandline
parent.pid: ppid parentprocessid initiatingprocessid
file.path: file_path syscheck.path targetfilename objectname fname
file.name: filename file_name
hash.md5: md5
hash.sha1: sha1
hash.sha256: sha256 syscheck.sha256_after sha256string
email.from: from sender mailfrom senderaddress
email.to: to recipient recipientaddress
email.subject: subject
cloud.account: recipientaccountid accountid awsaccountid useridentity.accountid subscriptionid
  projectid
cloud.region: awsregion region
cloud.resource: requestparameters.bucketname requestparameters.instanceid
  protopayload.resourcename resourceid objectref.name resource.name repo
cloud.arn: useridentity.arn resources.arn arn
rule.id: rule.id ruleid signature_id
rule.name: rule.name rulename rule_name search_name rule
alert.description: description desc
technique.original: rule.mitre.id mitre technique_id techniques techniqueid mitretechniques
  mitre_technique_id_and_name
message: displaymessage msg full_log output message
ticket.id: ticket ticketid
`;

/**
 * What other sources call our fields, as dotted paths in lower case; the first known one wins.
 * Covers CloudTrail, Okta, Entra, M365, GCP, GitHub, Kubernetes, Zeek, Wazuh, GuardDuty and Falco
 * closely enough to search and correlate; formats of their own go deeper.
 */
export const ALIASES: [FieldName, string[]][] = TABLE.trim()
  .split(/\n(?! )/)
  .map((row) => {
    const colon = row.indexOf(":");
    const name = row.slice(0, colon);
    if (!isFieldName(name)) throw new Error(`generic-aliases: no field is named ${name}`);
    return [
      name,
      row
        .slice(colon + 1)
        .trim()
        .split(/\s+/),
    ];
  });

/** Where the time it happened stands, best first. */
export const TIME_PATHS = words(`
time eventtime event_time published @timestamp timestamp datetime id.time
requestreceivedtimestamp isotimestamp event_timestamp activitydatetime creationtime createdat
created_at createddatetime timegenerated service.eventfirstseen firstobservedat _time ts date
start_time starttime calendartime unixtime create_time occurred_at log_time event.time
`);

/** Ids that a known product gives to each record; `id` alone is trusted in our own form only. */
export const ID_PATHS = words(`
eventid uuid insertid _document_id
`);

/** Kept when nothing better names an unknown record. */
export const TITLE_PATHS = words(`
title alert.title displaymessage rule.description alertname alert_name detectname signature name
summary message msg description displayname output
`);

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
