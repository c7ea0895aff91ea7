/**
 * The port to a full-text index. Main type: {@link io.parley.ports.search.SearchIndex}. It can
 * always be built again from what it was fed with, so it belongs neither into backups nor among the
 * things that must not be lost.
 */
@NullMarked
package io.parley.ports.search;

import org.jspecify.annotations.NullMarked;
