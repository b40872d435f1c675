/**
 * @file How much of a file is read at once: files of cases may come from anywhere.
 */

/** Largest row or file of a case. */
export const LARGEST_ROW_BYTES = 1 << 24

/** Largest row group of a Parquet file when it is unpacked: one is in memory at a time. */
export const LARGEST_ROW_GROUP_BYTES = 2 ** 31

/** Largest JSON file that is not lines: it is read as a whole. */
export const LARGEST_JSON_BYTES = 2 ** 28
