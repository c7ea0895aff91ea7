package io.parley.engine;

/** How urgent a sequence is; the constants are in the order in which they are served. */
public enum PriorityClass {
  /** A person waits for the first word. */
  INTERACTIVE,
  /** A program reads along: an agent, a pipeline with a stream. */
  STREAMING,
  /** Nobody waits: message batches, evaluations. */
  BATCH
}
