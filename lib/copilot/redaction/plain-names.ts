/** Names that tell nothing of who or where: they stay, because a reader needs them. Lower case. */
const ACCOUNTS =
  "system localsystem local_system administrator administrators admin admins root guest krbtgt nobody daemon www-data sshd anonymous defaultaccount wdagutilityaccount networkservice localservice everyone public default default_user defaultuser0 all_users allusers postgres mysql apache nginx ubuntu ec2-user azureuser git bin sys sync games man mail news uucp proxy backup list irc gnats operator power_user";
const BLANK_ACCOUNTS = [
  "local system",
  "local service",
  "network service",
  "anonymous logon",
  "window manager",
  "font driver host",
  "nt authority",
  "nt service",
  "default user",
  "all users",
  "authenticated users",
  "nt virtual machine",
  "iis apppool",
];
const PLACES =
  "localhost localdomain local localhost.localdomain workgroup builtin microsoft azuread microsoftaccount internal home lan corp.local unknown none null n/a undefined";
const GENERIC =
  "test tests testing user users username account accounts host hosts hostname server servers service services client domain group web mail data info support noreply no-reply postmaster webmaster office help desk helpdesk sales team name value field time date kind type source event events alert alerts record records action outcome process file path message title severity count total shown fields untrusted true false success failure blocked allowed detected high medium low critical informational";
const WORDS =
  "the and for that this with from have been were was are not but has had its into than then when where which while will would there their they what who how all any can out over under after before about between during without within only also such each other some more most many much new old one two first last per via";
const PROGRAMS =
  "windows system32 syswow64 program programs program_files programdata appdata local roaming temp tmp desktop documents downloads explorer svchost services lsass csrss smss wininit winlogon spoolsv taskhostw taskhost dllhost conhost rundll32 regsvr32 powershell pwsh cmd wscript cscript mshta wmic wmiprvse msiexec schtasks taskeng net net1 netsh nltest whoami ipconfig tasklist certutil bitsadmin vssadmin wevtutil bcdedit reg sc psexec psexesvc mimikatz procdump rclone winword excel outlook powerpnt chrome firefox msedge iexplore teams onedrive python python3 perl ruby java node bash dash zsh sudo sshd cron systemd curl wget docker kubectl sysmon defender sentinel security kerberos ntlm negotiate microsoft google amazon azure office365 sharepoint exchange linux kernel http https smtp ldap rdp smb dns ssh ftp json null undefined";

const PLAIN: ReadonlySet<string> = new Set(
  [ACCOUNTS, PLACES, GENERIC, WORDS, PROGRAMS]
    .flatMap((list) => list.split(" "))
    .concat(BLANK_ACCOUNTS),
);
const PUBLIC_SUFFIX =
  /(?:^|\.)(?:amazonaws\.com|compute\.internal|internal|cloudapp\.net|cloudapp\.azure\.com|azure\.com|windows\.net|microsoft\.com|office\.com|office365\.com|google\.com|googleapis\.com|googleusercontent\.com|local|localdomain|arpa)$/;

/** Whether a name, in lower case, is a word, or the label of a record, rather than somebody or some machine. */
export function isPlainName(name: string): boolean {
  return (
    PLAIN.has(name) ||
    /^e\d{1,7}$/.test(name) ||
    /^[\W\d_]*$/u.test(name) ||
    /^(?:dwm|umfd)-\d{1,3}$/.test(name)
  );
}

/** Domains that belong to everybody: "compute.internal" tells nothing of an organisation. */
export function isPublicSuffix(domain: string): boolean {
  return PUBLIC_SUFFIX.test(domain);
}
