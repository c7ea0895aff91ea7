package io.parley.chat.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list as clients see it.
 *
 * @param next the cursor of the next page; null if there is none, or none is needed
 */
record PageView(List<?> data, boolean hasMore, @Nullable String next) {}
