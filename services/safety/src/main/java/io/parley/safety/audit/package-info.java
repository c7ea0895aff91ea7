/**
 * The audit log: every decision of a gate, in files that can only grow, in which no one can change,
 * remove or insert an entry unseen. Main types: {@link io.parley.safety.audit.FileAuditLog}, which
 * writes it, and {@link io.parley.safety.audit.AuditReader}, which reads and verifies it.
 *
 * <p>Entries are encrypted one by one (AES-256-GCM) and chained: each is bound to its number and to
 * the hash of all before it. They hold ids, categories and counts, never a word of a prompt or an
 * answer.
 *
 * <p>Thread-safe where a type says so. Nothing here knows of HTTP or of a particular gate.
 */
@NullMarked
package io.parley.safety.audit;

import org.jspecify.annotations.NullMarked;
