// Messages between a worker's record writer and the spool.

export type ToSpool =
  /** Rows of one UTC day: each without its opening bracket and `seq`, ended by a line feed. */
  | {
      readonly type: 'rows';
      readonly batch: number;
      readonly day: string;
      readonly rowCount: number;
      readonly text: string;
    }
  /** Records that the worker could not keep, because the spool did not keep up. */
  | { readonly type: 'shed'; readonly rowCount: number };

export type FromSpool =
  | { readonly type: 'boot'; readonly gatewayId: string; readonly bootId: string }
  /** This batch is in the file, or has been shed and counted. */
  | { readonly type: 'written'; readonly batch: number };
