/** MITRE's copyright designation with the table's version; it stands wherever names of techniques are shown. */
export const MITRE_NOTICE =
  "Technique names: MITRE ATT&CK® 18.1. © 2025 The MITRE Corporation. This work is reproduced and distributed with the permission of The MITRE Corporation.";
