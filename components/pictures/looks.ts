/** The pictures of an incident, as the address names them. */
export const PICTURE_LOOKS = ["graph", "processes", "path", "matrix"] as const;
export type PictureLook = (typeof PICTURE_LOOKS)[number];

/** What a reader can do from a picture. */
export type PictureActs = {
  /** The thread at exactly the records of a query. */
  onShowWhere: (where: string) => void;
  /** The thread at records that hold a value. */
  onFind: (value: string) => void;
  onOpenRecord: (evidenceId: string) => void;
};
