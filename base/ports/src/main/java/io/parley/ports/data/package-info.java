/**
 * The port to a relational database. Main type: {@link io.parley.ports.data.Database}. Services own
 * their statements and their migrations; adapters own connections, threads and dialect settings.
 */
@NullMarked
package io.parley.ports.data;

import org.jspecify.annotations.NullMarked;
