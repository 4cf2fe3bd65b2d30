import type { Pattern } from "./patterns.ts";

/** Names that cloud providers give: ARNs, resource paths, resource ids, keys, account numbers. */
export const CLOUD_PATTERNS: Pattern[] = [
  {
    type: "cloud",
    regex: /\barn:aws[a-z-]{0,10}:[\w-]{1,40}:[\w-]{0,30}:(?:\d{12}|aws)?:[^\s"',;)]{1,512}/gi,
    needs: /arn:/i,
  },
  { type: "cloud", regex: /(?<![\w/])\/subscriptions\/[^\s"',;)]{1,512}/gi, needs: /\/subscr/i },
  {
    type: "cloud",
    regex: /(?<![\w/])\/?resourceGroups\/[^\s"',;)]{1,512}/gi,
    needs: /resourcegroups\//i,
  },
  {
    type: "cloud",
    regex:
      /(?<![\w/.-])(?:\/\/[a-z]{2,40}\.googleapis\.com\/)?(?:projects|organizations|folders)\/[\w.:~-]{1,64}(?:\/[\w.:~@-]{1,128}){0,12}/g,
    needs: /(?:projects|organizations|folders)\//,
    read: (found) => (/^projects[\s\S]*[\d-]|\/[^/]*[\d-]/.test(found) ? "cloud" : null),
  },
  {
    type: "cloud",
    regex: /\b(?:s3|s3a|gs|abfss?|wasbs?):\/\/[^\s"'<>`{}|]{1,1024}/gi,
    needs: /:\/\//,
  },
  {
    type: "cloud",
    regex:
      /(?<![\w-])(?:i|vol|sg|subnet|vpc|ami|eni|snap|rtb|igw|nat|acl|eipalloc|eipassoc|tgw|lt|fs|vpce|pcx|dopt|key|sgr|ou|fl)-[0-9a-f]{8,17}(?![\w-])/gi,
    needs: /-[0-9a-f]{8}/i,
    read: (found) => (/\d/.test(found) ? "cloud" : null),
  },
  {
    type: "cloud",
    regex: /\b(?:AKIA|ASIA|AROA|AIDA|AGPA|AIPA|ANPA|ANVA|APKA|ABIA|ACCA|ASCA)[A-Z0-9]{12,20}\b/g,
    needs: /A[KSRIGNPBC]/,
  },
  {
    type: "cloud",
    regex:
      /\b(?:accounts?|account (?:ids?|numbers?)|aws(?: accounts?)?|projects?(?: numbers?)?)[ :=#]{1,2}(\d{12})(?!\d)/gi,
    group: 1,
    needs: /\d{12}/,
  },
];
