/**
 * The {@link io.parley.ports.search.SearchIndex} in a directory, by Lucene. Main type: {@link
 * io.parley.embedded.search.LuceneSearchIndex}. One platform thread changes the index; searches run
 * on the threads of their callers.
 */
@NullMarked
package io.parley.embedded.search;

import org.jspecify.annotations.NullMarked;
