/** One grid for the head, the rows and the skeleton, so that their columns always agree. */
export const QUEUE_GRID = [
  "grid items-center gap-x-3 pr-4 pl-4",
  "grid-cols-[106px_20px_minmax(0,1fr)_84px]",
  "sm:grid-cols-[106px_20px_minmax(0,1fr)_18px_124px_84px]",
  "md:grid-cols-[106px_104px_minmax(0,1fr)_18px_96px_128px_56px_84px]",
  "lg:grid-cols-[106px_104px_minmax(0,1fr)_18px_88px_124px_96px_124px_60px_84px]",
  "xl:grid-cols-[114px_110px_minmax(0,1fr)_172px_104px_minmax(220px,0.4fr)_116px_172px_72px_96px]",
].join(" ");

/** Columns that only wider screens have room for. */
export const FROM_SM = "hidden sm:flex sm:items-center";
export const FROM_MD = "hidden md:flex md:items-center";
export const FROM_LG = "hidden lg:flex lg:items-center";
