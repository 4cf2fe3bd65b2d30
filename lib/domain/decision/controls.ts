/** What of a decision answers a control; `decision-account.ts` says for one decision whether it is there. */
export const CONTROL_ANSWERS = {
  logged: "Every step of the decision is an entry of the trail.",
  sealed: "Its entries stand under a signed checkpoint that verifies without this system.",
  signed: "People signed its exact statement, by name and with proof of presence.",
  apart: "Who signed was not who proposed.",
  opened: "The evidence that its signers opened before they signed is on record.",
  claims: "Each claim shown to the signers carried a standing that code gave from the evidence.",
  model:
    "Which runs of a model took part stands in the statement; request, answer and prompt are stored.",
  bounded:
    "What happens outside is only what the statement names, action by action and target by target.",
  verified: "What became of each response action was checked and recorded.",
} as const;
export type ControlAnswer = keyof typeof CONTROL_ANSWERS;

type Framework = { name: string; source: string };

/** Titles as their publishers give them; read in November 2026. */
export const FRAMEWORKS = {
  euAiAct: {
    name: "EU AI Act, Regulation (EU) 2024/1689",
    source: "https://eur-lex.europa.eu/eli/reg/2024/1689/oj",
  },
  nistGenAi: {
    name: "NIST AI 600-1, Generative AI Profile",
    source: "https://doi.org/10.6028/NIST.AI.600-1",
  },
  owaspLlm: {
    name: "OWASP Top 10 for LLM Applications 2025",
    source: "https://genai.owasp.org/llm-top-10/",
  },
  owaspAgentic: {
    name: "OWASP Top 10 for Agentic Applications 2026",
    source: "https://genai.owasp.org/resource/owasp-top-10-for-agentic-applications-for-2026/",
  },
} as const satisfies Record<string, Framework>;

export type Control = {
  framework: keyof typeof FRAMEWORKS;
  /** As the source numbers it; of NIST AI 600-1 the name of the risk, which has no number of its own here. */
  id: string;
  title: string;
  /** What it is about, in our words. */
  about: string;
  answers: ControlAnswer[];
};

/** Control references beside the reasons of a decision. They are references, not a claim of conformity. */
export const CONTROLS: readonly Control[] = [
  {
    framework: "euAiAct",
    id: "Article 12(1)",
    title: "Record-keeping",
    about: "Events are recorded by the system itself as long as it is used.",
    answers: ["logged", "model"],
  },
  {
    framework: "euAiAct",
    id: "Article 12(2)",
    title: "Record-keeping",
    about: "The record lets somebody trace how the system worked, and watch it in use.",
    answers: ["logged", "sealed"],
  },
  {
    framework: "euAiAct",
    id: "Article 14",
    title: "Human oversight",
    about: "People can oversee the system while it is used, and decide against what it suggests.",
    answers: ["signed", "opened", "claims"],
  },
  {
    framework: "euAiAct",
    id: "Article 19",
    title: "Automatically generated logs",
    about: "The logs that arise are kept.",
    answers: ["logged", "sealed"],
  },
  {
    framework: "euAiAct",
    id: "Article 26(2)",
    title: "Obligations of deployers of high-risk AI systems",
    about: "Oversight lies with people who have the competence and the authority for it.",
    answers: ["signed", "apart"],
  },
  {
    framework: "euAiAct",
    id: "Article 26(5)",
    title: "Obligations of deployers of high-risk AI systems",
    about: "Whoever uses the system watches how it works.",
    answers: ["claims", "verified"],
  },
  {
    framework: "euAiAct",
    id: "Article 26(6)",
    title: "Obligations of deployers of high-risk AI systems",
    about: "Whoever uses the system keeps its logs, at least six months where they hold them.",
    answers: ["logged", "sealed"],
  },
  {
    framework: "nistGenAi",
    id: "Confabulation",
    title: "Confabulation",
    about: "A model states with confidence what is not so.",
    answers: ["claims", "opened"],
  },
  {
    framework: "nistGenAi",
    id: "Human-AI Configuration",
    title: "Human-AI Configuration",
    about: "People rely on a system too much, or turn away from it.",
    answers: ["signed", "opened", "apart"],
  },
  {
    framework: "nistGenAi",
    id: "Information Integrity",
    title: "Information Integrity",
    about: "It stays known what is fact, where it comes from and what is uncertain.",
    answers: ["claims", "sealed"],
  },
  {
    framework: "nistGenAi",
    id: "Value Chain and Component Integration",
    title: "Value Chain and Component Integration",
    about: "Which model of whom took part, and what it was given, can be told afterwards.",
    answers: ["model"],
  },
  {
    framework: "owaspLlm",
    id: "LLM01:2025",
    title: "Prompt Injection",
    about: "Text in the evidence gives the model orders.",
    answers: ["signed", "claims"],
  },
  {
    framework: "owaspLlm",
    id: "LLM06:2025",
    title: "Excessive Agency",
    about: "A model can do more, or with more rights, than its task needs.",
    answers: ["signed", "bounded"],
  },
  {
    framework: "owaspLlm",
    id: "LLM09:2025",
    title: "Misinformation",
    about: "What a model says is wrong and looks right, and people rely on it.",
    answers: ["claims", "opened"],
  },
  {
    framework: "owaspAgentic",
    id: "ASI01",
    title: "Agent Goal Hijack",
    about: "What a system takes in turns what it is after.",
    answers: ["signed", "bounded"],
  },
  {
    framework: "owaspAgentic",
    id: "ASI02",
    title: "Tool Misuse and Exploitation",
    about: "Rightful tools are used for what they are not for.",
    answers: ["bounded", "verified"],
  },
  {
    framework: "owaspAgentic",
    id: "ASI09",
    title: "Human-Agent Trust Exploitation",
    about: "A person approves harm because a system sounds sure.",
    answers: ["opened", "claims", "apart"],
  },
];
