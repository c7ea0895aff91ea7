/**
 * Personal data in prompts and answers: where it is, and what its organisation wants done with it.
 * Main types: {@link io.parley.safety.pii.PiiGate}, which is both gates, and {@link
 * io.parley.safety.pii.PiiScan}, which finds mail addresses, phone numbers, payment cards, IBANs
 * and secrets in one pass over a text.
 *
 * <p>Each kind has a scanner that reads each character once, keeps at most a few hundred of them in
 * mind and never goes back, so the work grows with the text only, and a text may arrive in pieces
 * cut anywhere. The scanners rather miss a number than take an ordinary one for a person's: a form
 * must be right, and where there are check digits, these too.
 *
 * <p>The gate is thread-safe; a scan belongs to one text and one thread at a time. Nothing here
 * keeps or logs what was found.
 */
@NullMarked
package io.parley.safety.pii;

import org.jspecify.annotations.NullMarked;
