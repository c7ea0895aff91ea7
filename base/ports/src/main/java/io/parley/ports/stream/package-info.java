/**
 * The port to streams that are being written: pieces with offsets, kept until a while after their
 * end. Main type: {@link io.parley.ports.stream.StreamBuffers}. What is to last belongs elsewhere.
 */
@NullMarked
package io.parley.ports.stream;

import org.jspecify.annotations.NullMarked;
