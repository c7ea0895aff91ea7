/** Tests of message batches below HTTP. */
@NullMarked
package io.parley.gateway.batches;

import org.jspecify.annotations.NullMarked;
