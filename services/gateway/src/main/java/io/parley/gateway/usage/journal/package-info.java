/**
 * The book of original entry: an append-only file of usage events, synced before a client is told
 * the end of its answer, from which the rows of the database are made in the background. Main type:
 * {@link io.parley.gateway.usage.journal.UsageJournal}.
 *
 * <p>One thread writes the journal, another posts its events; both belong to the journal. Its files
 * belong to one process, and to no other than the one that has locked the data directory. Knows of
 * the rows only how to post events; of reports, requests and HTTP nothing.
 */
@NullMarked
package io.parley.gateway.usage.journal;

import org.jspecify.annotations.NullMarked;
