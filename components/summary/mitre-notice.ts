/** MITRE's copyright designation; it stands wherever names of techniques are shown. */
export const MITRE_NOTICE =
  "© 2025 The MITRE Corporation. This work is reproduced and distributed with the permission of The MITRE Corporation.";
