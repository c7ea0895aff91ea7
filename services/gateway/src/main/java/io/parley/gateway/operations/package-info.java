/**
 * What those who run the server see of it: how it does now and did in the last minutes, what
 * failed, and where one request spent its time. Main type: {@link
 * io.parley.gateway.operations.Operations}. Thread-safe; may block for a moment. It must not know
 * what prompts and answers say.
 */
@NullMarked
package io.parley.gateway.operations;

import org.jspecify.annotations.NullMarked;
