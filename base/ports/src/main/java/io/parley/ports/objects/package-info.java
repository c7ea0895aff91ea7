/**
 * The port to large immutable bytes. Main type: {@link io.parley.ports.objects.ObjectStore}. It
 * lists nothing: whoever puts an object remembers its key.
 */
@NullMarked
package io.parley.ports.objects;

import org.jspecify.annotations.NullMarked;
