/**
 * What a Windows event id means: OCSF class in snake case, an action, how its title begins, and an
 * outcome where the event itself is one. Keys are `<log>:<event id>`.
 */
export type WindowsMeaning = {
  class: string;
  action: string;
  says: string;
  outcome?: "success" | "failure" | "blocked" | "allowed" | "detected";
};

/** Logs whose event ids are known here. */
export type WindowsLog =
  | "sysmon"
  | "security"
  | "powershell"
  | "system"
  | "tasks"
  | "defender"
  | "other";

export function logOf(provider: string, channel: string | undefined): WindowsLog {
  const name = `${provider}|${channel ?? ""}`.toLowerCase();
  if (name.includes("sysmon")) return "sysmon";
  if (name.includes("powershell")) return "powershell";
  if (name.includes("taskscheduler")) return "tasks";
  if (name.includes("windows defender")) return "defender";
  if (name.includes("security-auditing") || name.endsWith("|security")) return "security";
  if (name.endsWith("|system") || name.includes("service control manager")) return "system";
  if (name.includes("microsoft-windows-eventlog")) return "system";
  return "other";
}

const ROWS = `
sysmon:1|process_activity|process_created|process created
sysmon:2|file_activity|file_time_changed|file creation time changed
sysmon:3|network_activity|network_connection|network connection
sysmon:4|application_lifecycle|sysmon_state_changed|Sysmon service state changed
sysmon:5|process_activity|process_terminated|process ended
sysmon:6|module_activity|driver_loaded|driver loaded
sysmon:7|module_activity|image_loaded|module loaded
sysmon:8|process_activity|remote_thread_created|remote thread created
sysmon:9|file_activity|raw_disk_read|raw disk read
sysmon:10|process_activity|process_accessed|process accessed
sysmon:11|file_activity|file_created|file created
sysmon:12|registry_key_activity|registry_object_changed|registry key created or deleted
sysmon:13|registry_value_activity|registry_value_set|registry value set
sysmon:14|registry_key_activity|registry_object_renamed|registry key renamed
sysmon:15|file_activity|file_stream_created|file stream created
sysmon:16|application_lifecycle|sysmon_config_changed|Sysmon configuration changed
sysmon:17|file_activity|pipe_created|named pipe created
sysmon:18|file_activity|pipe_connected|named pipe connected
sysmon:19|process_activity|wmi_filter_registered|WMI event filter registered
sysmon:20|process_activity|wmi_consumer_registered|WMI event consumer registered
sysmon:21|process_activity|wmi_binding_registered|WMI consumer bound to filter
sysmon:22|dns_activity|dns_query|DNS query
sysmon:23|file_activity|file_deleted|file deleted
sysmon:24|file_activity|clipboard_changed|clipboard changed
sysmon:25|process_activity|process_tampering|process image tampered with
sysmon:26|file_activity|file_deleted|file deleted
sysmon:27|file_activity|executable_blocked|executable file blocked|blocked
sysmon:28|file_activity|shredding_blocked|file shredding blocked|blocked
sysmon:29|file_activity|executable_created|executable file created
security:1100|event_log_activity|event_logging_stopped|event logging service stopped
security:1102|event_log_activity|log_cleared|security log cleared|success
security:4608|event_log_activity|windows_starting|Windows is starting
security:4624|authentication|logon|logon|success
security:4625|authentication|logon|failed logon|failure
security:4627|authentication|group_membership|group membership at logon
security:4634|authentication|logoff|logoff|success
security:4647|authentication|logoff|logoff begun by the user|success
security:4648|authentication|explicit_credentials|logon tried with explicit credentials
security:4656|file_activity|handle_requested|handle to an object requested
security:4657|registry_value_activity|registry_value_set|registry value set
security:4658|file_activity|handle_closed|handle to an object closed
security:4660|file_activity|object_deleted|object deleted
security:4661|file_activity|handle_requested|handle to an object requested
security:4662|entity_management|directory_operation|operation on a directory object
security:4663|file_activity|object_accessed|object accessed
security:4670|file_activity|permissions_changed|permissions changed
security:4672|authorize_session|special_privileges|special privileges assigned
security:4673|process_activity|privileged_service_called|privileged service called
security:4674|process_activity|privileged_object_operation|operation on a privileged object
security:4688|process_activity|process_created|process created
security:4689|process_activity|process_terminated|process ended
security:4690|file_activity|handle_duplicated|handle duplicated
security:4697|windows_service_activity|service_installed|service installed
security:4698|scheduled_job_activity|task_created|scheduled task created
security:4699|scheduled_job_activity|task_deleted|scheduled task deleted
security:4700|scheduled_job_activity|task_enabled|scheduled task enabled
security:4701|scheduled_job_activity|task_disabled|scheduled task disabled
security:4702|scheduled_job_activity|task_updated|scheduled task updated
security:4703|process_activity|token_rights_adjusted|token rights adjusted
security:4719|event_log_activity|audit_policy_changed|audit policy changed
security:4720|account_change|account_created|account created|success
security:4722|account_change|account_enabled|account enabled|success
security:4723|account_change|password_change|password change tried
security:4724|account_change|password_reset|password reset tried
security:4725|account_change|account_disabled|account disabled|success
security:4726|account_change|account_deleted|account deleted|success
security:4728|group_management|group_member_added|member added to global group|success
security:4729|group_management|group_member_removed|member removed from global group|success
security:4732|group_management|group_member_added|member added to local group|success
security:4733|group_management|group_member_removed|member removed from local group|success
security:4738|account_change|account_changed|account changed|success
security:4740|account_change|account_locked|account locked out
security:4756|group_management|group_member_added|member added to universal group|success
security:4767|account_change|account_unlocked|account unlocked|success
security:4768|authentication|kerberos_tgt|Kerberos ticket asked for
security:4769|authentication|kerberos_service_ticket|Kerberos service ticket asked for
security:4770|authentication|kerberos_renewed|Kerberos ticket renewed|success
security:4771|authentication|kerberos_preauth|Kerberos pre-authentication failed|failure
security:4776|authentication|credential_validation|credentials validated
security:4778|authentication|session_reconnected|session reconnected
security:4779|authentication|session_disconnected|session disconnected
security:4797|user_query|blank_password_query|account queried for a blank password
security:4798|user_query|groups_of_user_listed|local groups of a user listed
security:4799|group_management|group_members_listed|members of a local group listed
security:5136|entity_management|directory_object_changed|directory object changed
security:5140|file_activity|share_accessed|network share accessed
security:5142|file_activity|share_added|network share added
security:5145|file_activity|share_object_checked|file on a share accessed
security:5152|network_activity|packet_blocked|packet blocked|blocked
security:5154|network_activity|listen_permitted|listening permitted|allowed
security:5156|network_activity|connection_permitted|connection permitted|allowed
security:5157|network_activity|connection_blocked|connection blocked|blocked
security:5158|network_activity|bind_permitted|bind to a port permitted|allowed
security:5379|user_query|credentials_read|stored credentials read
powershell:400|script_activity|engine_started|PowerShell engine started
powershell:403|script_activity|engine_stopped|PowerShell engine stopped
powershell:600|script_activity|provider_started|PowerShell provider started
powershell:800|script_activity|pipeline_executed|PowerShell pipeline executed
powershell:4103|script_activity|module_logged|PowerShell command run
powershell:4104|script_activity|script_block|PowerShell script block
powershell:4105|script_activity|script_block_started|PowerShell script block started
powershell:4106|script_activity|script_block_ended|PowerShell script block ended
system:104|event_log_activity|log_cleared|event log cleared|success
system:1102|event_log_activity|log_cleared|security log cleared|success
system:7034|windows_service_activity|service_crashed|service ended unexpectedly
system:7036|windows_service_activity|service_state_changed|service changed state
system:7040|windows_service_activity|service_start_changed|service start type changed
system:7045|windows_service_activity|service_installed|service installed
tasks:106|scheduled_job_activity|task_registered|scheduled task registered
tasks:140|scheduled_job_activity|task_updated|scheduled task updated
tasks:141|scheduled_job_activity|task_deleted|scheduled task deleted
tasks:200|scheduled_job_activity|task_action_started|scheduled task action started
tasks:201|scheduled_job_activity|task_action_ended|scheduled task action ended
defender:1006|malware_activity|malware_found|malware found|detected
defender:1007|malware_activity|malware_action|action taken on malware
defender:1116|malware_activity|malware_detected|malware detected|detected
defender:1117|malware_activity|malware_action|action taken on malware|blocked
defender:5001|application_lifecycle|protection_disabled|Defender real-time protection disabled
defender:5007|application_lifecycle|configuration_changed|Defender configuration changed
defender:5010|application_lifecycle|scanning_disabled|Defender scanning disabled
defender:5012|application_lifecycle|scanning_disabled|Defender virus scanning disabled
`;

export const WINDOWS_MEANINGS: ReadonlyMap<string, WindowsMeaning> = new Map(
  ROWS.trim()
    .split("\n")
    .map((row) => {
      const [key = "", cls = "", action = "", says = "", outcome] = row.split("|");
      const meaning: WindowsMeaning = { class: cls, action, says };
      if (outcome) meaning.outcome = outcome as WindowsMeaning["outcome"];
      return [key, meaning];
    }),
);
