package io.parley.ports.model;

/** How urgent a generation is. */
public enum ServiceClass {
  /** Somebody waits for it. */
  INTERACTIVE,
  /** Nobody does: it gives way to all others. */
  BATCH
}
