/**
 * One grid for the head, the rows and the skeleton, so that their columns always agree. It follows the width of the
 * list and not of the window: the preview stands beside it.
 */
export const QUEUE_GRID = [
  "grid items-center gap-x-3 pr-4 pl-4",
  "grid-cols-[106px_20px_minmax(0,1fr)_104px]",
  "@min-[584px]/queue:grid-cols-[106px_20px_minmax(0,1fr)_18px_124px_104px]",
  "@min-[968px]/queue:grid-cols-[106px_104px_minmax(0,1fr)_18px_96px_128px_56px_104px]",
  "@min-[1224px]/queue:grid-cols-[106px_104px_minmax(0,1fr)_18px_88px_124px_96px_124px_60px_104px]",
  "@min-[1544px]/queue:grid-cols-[114px_110px_minmax(0,1fr)_172px_104px_minmax(220px,0.4fr)_116px_172px_72px_108px]",
].join(" ");

/** Columns that only a wider list has room for. */
export const FROM_SM = "hidden @min-[584px]/queue:flex @min-[584px]/queue:items-center";
export const FROM_MD = "hidden @min-[968px]/queue:flex @min-[968px]/queue:items-center";
export const FROM_LG = "hidden @min-[1224px]/queue:flex @min-[1224px]/queue:items-center";
